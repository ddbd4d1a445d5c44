import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CrosshostError } from "../provider/errors";
import { Deadline, waitFor } from "../provider/wait";
import { isIn, killCgroup, spawnInCgroup } from "./cgroup";
import { unmountBelow } from "./mounts";
import type { HostNames } from "./names";
import { signal } from "./signal";

/** Boots the file system at `dir`/root in the host's network namespace. Returns at once; the console goes to a file in `dir`. */
export async function boot(host: HostNames, dir: string): Promise<void> {
  // Images and containers go to a plain disk: Docker cannot stack its file systems on the overlay that the root is.
  const disks = ["docker", "containerd"];
  for (const disk of disks) await mkdir(join(dir, disk), { recursive: true });
  const child = await spawnInCgroup(
    host.cgroup,
    [
      ...["systemd-nspawn", "--quiet", "--boot", `--directory=${join(dir, "root")}`, `--machine=${host.machine}`],
      ...["--register=no", "--keep-unit", `--network-namespace-path=/run/netns/${host.machine}`],
      ...["--resolv-conf=off", "--timezone=off", "--link-journal=no", "--capability=all"],
      "--system-call-filter=@keyring bpf @mount add_key request_key",
      ...disks.map((disk) => `--bind=${join(dir, disk)}:/var/lib/${disk}`),
    ],
    {
      log: join(dir, "console.log"),
      env: { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1", SYSTEMD_NSPAWN_API_VFS_WRITABLE: "1" },
    },
  );
  await writeFile(join(dir, "pid"), String(child.pid));
}

/** The process that is the host, if it runs. */
export async function machineProcess(host: HostNames, dir: string): Promise<number | undefined> {
  const pid = Number(await readFile(join(dir, "pid"), "utf8").catch(() => ""));
  // The number may have gone to another process since; only one in the host's own group is the host.
  return pid && (await isIn(host.cgroup, pid)) ? pid : undefined;
}

/** Shuts the host down in order, as `poweroff` on it would, and removes what the shutdown leaves. */
export async function shutDown(host: HostNames, dir: string): Promise<void> {
  const pid = await machineProcess(host, dir);
  if (pid) {
    signal(pid, "SIGTERM");
    await waitFor(
      async () => ((await machineProcess(host, dir)) ? { seen: `process ${pid} runs` } : { done: undefined }),
      { what: `${host.name} to shut down`, deadline: new Deadline(120_000) },
    );
  }
  // Containers' processes outlive their host's init.
  await cutPower(host);
}

/** Ends every process of the host at once. */
export async function cutPower(host: HostNames): Promise<void> {
  await killCgroup(host.cgroup);
  await forgetMachine((machine) => machine === host.machine);
}

/** Removes what systemd-nspawn keeps of machines that it could not end itself. */
export async function forgetMachine(forgotten: (machine: string) => boolean): Promise<void> {
  for (const kind of ["propagate", "unix-export"]) {
    const dir = join("/run/systemd/nspawn", kind);
    if (!existsSync(dir)) continue;
    for (const machine of (await readdir(dir)).filter(forgotten)) {
      await unmountBelow(join(dir, machine));
      await rmdir(join(dir, machine));
    }
  }
}

/** Removes the lock that systemd-nspawn keeps for a root file system, named after its inode. */
export async function forgetLock(root: string): Promise<void> {
  const { dev, ino } = await stat(root, { bigint: true });
  await rm(`/run/systemd/nspawn/locks/inode-${dev}:${ino}`, { force: true });
}

/** Fails, with what the console said last, when the host's process has ended. */
export async function assertRuns(host: HostNames, dir: string): Promise<void> {
  if (await machineProcess(host, dir)) return;
  const said = (await readFile(join(dir, "console.log"), "utf8")).trim().split("\n").slice(-5).join("; ");
  throw new CrosshostError(`${host.name} stopped while booting: ${said}`, { code: "not-ready" });
}
