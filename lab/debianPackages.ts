import { withLock } from "./lock";
import { cacheDir } from "./paths";
import type { Progress } from "./progress";
import { attempt, run } from "./run";

/** Installs what is missing of these packages on this machine, and says so; `what` is what needs them. */
export async function ensurePackages(packages: readonly string[], what: string, progress: Progress): Promise<void> {
  if ((await missingPackages(packages)).length === 0) return;
  // apt lets one in at a time and turns others away: of two that want something, one installs and the other waits.
  await withLock(cacheDir("packages.lock"), async () => {
    const missing = await missingPackages(packages);
    if (missing.length === 0) return;
    progress(`installing what ${what} needs on this machine: ${missing.join(" ")}`);
    const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, what: `cannot install what ${what} needs` };
    await run("apt-get", ["update", "-qq"], options);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], options);
  });
}

async function missingPackages(packages: readonly string[]): Promise<string[]> {
  const query = await attempt("dpkg-query", ["--list", ...packages]);
  // A line is "ii  name:arch  version …" for a package that is installed and wanted.
  const rows = query.stdout.split("\n").map((line) => line.split(/\s+/));
  const installed = new Set(rows.filter(([state]) => state === "ii").map(([, name = ""]) => name.split(":")[0]));
  return packages.filter((name) => !installed.has(name));
}
