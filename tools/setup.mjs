// Makes a fresh clone ready: packages installed, dist built. Plain Node.js, since nothing else is there yet.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node.js ${process.versions.node} is too old: 20.19 or later is needed`);
}

const installed = join(root, "node_modules", ".package-lock.json");
if (!existsSync(installed) || newest(installed) < newest(join(root, "package-lock.json"))) {
  npm("installing the packages of package-lock.json", ["ci", "--no-fund", "--no-audit", "--loglevel=error"]);
} else if (isDistOld()) {
  npm("building dist", ["run", "--silent", "build"]);
}

function isDistOld() {
  const built = join(root, "dist", "provider", "index.js");
  if (!existsSync(built)) return true;
  const sources = ["sdk", "provider"].map((folder) => newest(join(root, folder)));
  return newest(built) < Math.max(...sources);
}

/** When the newest file there was changed. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((entry) => newest(join(path, entry))));
}

function npm(what, args) {
  const start = Date.now();
  console.log(`set-up: ${what} …`);
  const { status } = spawnSync("npm", args, { cwd: root, stdio: "inherit" });
  if (status !== 0) fail(`npm ${args[0]} failed`);
  console.log(`set-up: done (${((Date.now() - start) / 1000).toFixed(1)} s)`);
}

function fail(why) {
  console.error(`set-up: ${why}`);
  process.exit(1);
}
