// Compiles sdk/ and provider/ to dist/, which changes at once and only when all of it compiles: a program may be running from it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const cache = join(root, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const work = mkdtempSync(join(cache, "dist-"));
try {
  const args = [compiler, "--project", join(root, "tsconfig.build.json"), "--outDir", join(work, "new")];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status === 0) replace(join(root, "dist"), join(work, "new"), join(work, "old"));
  process.exitCode = status ?? 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function replace(dist, next, previous) {
  if (existsSync(dist)) renameSync(dist, previous);
  renameSync(next, dist);
}
