import { readFile } from "node:fs/promises";
import { CrosshostError } from "../provider/errors";
import { ensurePackages } from "./debianPackages";
import type { Progress } from "./progress";

/** The packages that hold the programs the lab calls; everything else it calls is on every Debian system. */
const packages = [
  "systemd-container", // systemd-nspawn
  "mmdebstrap",
  "iproute2", // ip
  "mount", // mount, umount
  "nftables", // nft
  "openssh-client", // ssh, ssh-keygen
  "openssl", // certificates of stores, for tests
  "skopeo",
  "docker-registry",
  "openssl",
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
  await ensurePackages(packages, "the lab", progress);
}
