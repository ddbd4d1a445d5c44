import { randomBytes } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Services of a fresh Debian that a lab host has no use for and that would only lengthen its boot. */
const masked = [
  ...["apt-daily.timer", "apt-daily-upgrade.timer", "e2scrub_all.timer", "e2scrub_reap.service", "fstrim.timer"],
  ...["console-getty.service", "getty@.service", "systemd-networkd.service", "systemd-timesyncd.service"],
  "systemd-modules-load.service",
];

export interface Identity {
  hostName: string;
  /** The folder of the host's key pair, `host_key` and `host_key.pub`. */
  keys: string;
  /** The public key that may log in as root. */
  authorizedKey: string;
  registry: string;
}

/** Docker's settings as somebody once wrote them: what is in there must outlast everything done to the host. */
export const daemonJson = (registry: string) => `{
    "registry-mirrors": ["http://${registry}"],
    "log-opts": {
        "max-size": "10m"
    }
}
`;

/** Makes the file system of a fresh base that of one particular host. */
export async function writeHostFiles(root: string, identity: Identity): Promise<void> {
  const write = async (path: string, content: string, mode = 0o644) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await rm(join(root, path), { force: true });
    await writeFile(join(root, path), content);
    await chmod(join(root, path), mode);
  };
  await write("etc/hostname", `${identity.hostName}\n`);
  await write("etc/hosts", `127.0.0.1\tlocalhost\n127.0.1.1\t${identity.hostName}\n`);
  await write("etc/machine-id", `${randomBytes(16).toString("hex")}\n`, 0o444);
  await write("etc/resolv.conf", "# There is no name server in the lab.\n");
  await write("etc/docker/daemon.json", daemonJson(identity.registry));
  await write("etc/ssh/sshd_config.d/lab.conf", "UseDNS no\n");

  await write("root/.ssh/authorized_keys", identity.authorizedKey, 0o600);
  await chmod(join(root, "root/.ssh"), 0o700);
  // The keys in the base were made when it was installed: every host would have the same.
  for (const file of await readdir(join(root, "etc/ssh"))) {
    if (file.startsWith("ssh_host_")) await rm(join(root, "etc/ssh", file));
  }
  for (const [file, mode] of [["", 0o600] as const, [".pub", 0o644] as const]) {
    const key = join(root, `etc/ssh/ssh_host_ed25519_key${file}`);
    await copyFile(join(identity.keys, `host_key${file}`), key);
    await chmod(key, mode);
  }

  // A folder here makes the journal outlast a reboot.
  await mkdir(join(root, "var/log/journal"), { recursive: true });
  for (const dir of ["var/lib/docker", "var/lib/containerd"]) await mkdir(join(root, dir), { recursive: true });
  for (const unit of masked) {
    const path = join(root, "etc/systemd/system", unit);
    await rm(path, { force: true });
    await symlink("/dev/null", path);
  }
}
