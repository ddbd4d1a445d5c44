import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.join(__dirname, "../..");
/** Apart from dist/, which others may be using just now. */
const built = path.join(root, "node_modules/.cache/process-test/pulumi-crosshost");

/** The folder of a program that has the package, as it is now, in its node_modules. */
export function programFolder(): { folder: string; remove(): void } {
  build();
  const folder = mkdtempSync(path.join(tmpdir(), "crosshost-program-"));
  mkdirSync(path.join(folder, "node_modules"));
  symlinkSync(built, path.join(folder, "node_modules/pulumi-crosshost"));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

function build(): void {
  const newest = Math.max(...["sdk", "provider", "package.json", "tsconfig.json", "tsconfig.build.json"].map(newestIn));
  const manifest = path.join(built, "package.json");
  const age = statSync(manifest, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (age >= newest) return;
  rmSync(built, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  const tsc = require.resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", path.join(built, "dist")], {
    cwd: root,
  });
  // Last, since it says that all of it is there.
  copyFileSync(path.join(root, "package.json"), manifest);
}

function newestIn(name: string): number {
  const top = path.join(root, name);
  if (!statSync(top).isDirectory()) return statSync(top).mtimeMs;
  const entries = readdirSync(top, { recursive: true, encoding: "utf8" });
  return Math.max(...entries.map((entry) => statSync(path.join(top, entry)).mtimeMs));
}
