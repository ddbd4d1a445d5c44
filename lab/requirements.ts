import { readFile } from "node:fs/promises";
import { CrosshostError } from "../provider/errors";
import type { Progress } from "./progress";
import { attempt, run } from "./run";

/** The packages that hold the programs the lab calls; everything else it calls is on every Debian system. */
const packages = [
  "systemd-container", // systemd-nspawn
  "mmdebstrap",
  "iproute2", // ip
  "mount", // mount, umount
  "nftables", // nft
  "openssh-client", // ssh, ssh-keygen
  "skopeo",
  "docker-registry",
  "debian-archive-keyring", // what mmdebstrap verifies packages with
];

/** Makes sure that this machine can hold a lab: root, Debian, and the programs, which are installed where missing. */
export async function requirements(progress: Progress): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new CrosshostError("the lab needs root: it makes network namespaces, mounts and control groups", {
      code: "no-permission",
    });
  }
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  if (!/^ID=debian$/m.test(release)) {
    throw new CrosshostError("the lab runs on Debian 12 or newer only: its hosts are made of Debian packages", {
      code: "unsupported",
    });
  }
  const missing = await missingPackages();
  if (missing.length === 0) return;
  progress(`installing what the lab needs on this machine: ${missing.join(" ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const what = "cannot install what the lab needs";
  await run("apt-get", ["update", "-qq"], { env, what });
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], { env, what });
}

async function missingPackages(): Promise<string[]> {
  const query = await attempt("dpkg-query", ["--list", ...packages]);
  // A line is "ii  name:arch  version …" for a package that is installed and wanted.
  const rows = query.stdout.split("\n").map((line) => line.split(/\s+/));
  const installed = new Set(rows.filter(([state]) => state === "ii").map(([, name = ""]) => name.split(":")[0]));
  return packages.filter((name) => !installed.has(name));
}
