import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CrosshostError } from "../provider/errors";
import { Deadline, waitFor } from "../provider/wait";

/** The hierarchies in which systemd sorts processes: the unified one, and systemd's own where the old ones are mounted too. */
async function hierarchies(): Promise<{ unified: string; all: string[] }> {
  const mounts = (await readFile("/proc/mounts", "utf8")).split("\n").map((line) => line.split(" "));
  const points = (wanted: (type: string, options: string) => boolean) =>
    mounts.filter(([, , type = "", options = ""]) => wanted(type, options)).map(([, point = ""]) => point);
  const unified = points((type) => type === "cgroup2")[0];
  if (!unified) {
    throw new CrosshostError("this machine has no unified control group hierarchy (cgroup2) mounted", {
      code: "unsupported",
    });
  }
  const systemd = points((type, options) => type === "cgroup" && options.split(",").includes("name=systemd"));
  return { unified, all: [...new Set([unified, ...systemd])] };
}

/**
 * Starts a program in a control group of its own, detached from this process, its output going to a file.
 * Returns once it is in there. Two hosts in one group would share every service's group, hence enter before exec.
 */
export async function spawnInCgroup(
  cgroup: string,
  command: string[],
  options: { log: string; env?: Record<string, string> },
): Promise<ChildProcess> {
  const dirs = (await hierarchies()).all.map((root) => join(root, cgroup));
  for (const dir of dirs) await mkdir(dir, { recursive: true });
  const enter = 'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 1; shift; done; shift; exec "$@"';
  const log = await open(options.log, "w");
  try {
    const child = spawn("sh", ["-c", enter, "sh", ...dirs, "--", ...command], {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: { ...process.env, ...options.env },
    });
    child.unref();
    await waitFor(
      async () => {
        const entered = child.exitCode !== null || (await isIn(cgroup, child.pid ?? 0));
        return entered ? { done: undefined } : { seen: "not there yet" };
      },
      {
        what: `${command[0]} to enter its control group`,
        deadline: new Deadline(10_000),
        interval: { first: 1, longest: 20 },
      },
    );
    return child;
  } finally {
    await log.close();
  }
}

/** Whether a process is in the group or a group below it. */
export async function isIn(cgroup: string, pid: number): Promise<boolean> {
  const groups = (await readFile(`/proc/${pid}/cgroup`, "utf8").catch(ignoreGone)) ?? "";
  const path = /^0::\/(.*)$/m.exec(groups)?.[1] ?? "";
  return path === cgroup || path.startsWith(`${cgroup}/`);
}

/** Every process in the group and the groups below it; one that changes between them at this moment may be missed. */
export async function processesIn(cgroup: string): Promise<number[]> {
  const pids: number[] = [];
  for (const dir of await groupsBelow(join((await hierarchies()).unified, cgroup))) {
    const text = await readFile(join(dir, "cgroup.procs"), "utf8").catch(ignoreGone);
    pids.push(...(text ?? "").split("\n").filter(Boolean).map(Number));
  }
  return pids;
}

/** Kills every process in the group and below, at once, and removes the groups. Nothing there is success. */
export async function killCgroup(cgroup: string): Promise<void> {
  const { unified, all } = await hierarchies();
  const kill = join(unified, cgroup, "cgroup.kill");
  if (existsSync(kill)) await writeFile(kill, "1");
  await waitFor(
    async () => {
      const left = await processesIn(cgroup);
      return left.length === 0 ? { done: undefined } : { seen: `processes ${left.join(", ")}` };
    },
    { what: `the end of every process in control group ${cgroup}`, deadline: new Deadline(20_000) },
  );
  for (const root of all) await removeGroups(join(root, cgroup));
}

async function removeGroups(top: string): Promise<void> {
  await waitFor(
    async () => {
      for (const dir of await groupsBelow(top)) await rmdir(dir).catch(ignoreGone);
      return existsSync(top) ? { seen: "still in use" } : { done: undefined };
    },
    { what: `control group ${top} to be removed`, deadline: new Deadline(10_000) },
  );
}

/** The group's folder and those below it, the deepest first. */
async function groupsBelow(top: string): Promise<string[]> {
  const entries = (await readdir(top, { withFileTypes: true }).catch(ignoreGone)) ?? [];
  const found: string[] = [];
  for (const entry of entries) if (entry.isDirectory()) found.push(...(await groupsBelow(join(top, entry.name))));
  return existsSync(top) ? [...found, top] : found;
}

/** A group can vanish, or be in use for one more moment, while it is looked at; callers look again. */
function ignoreGone(error: NodeJS.ErrnoException): undefined {
  if (error.code && ["ENOENT", "ENODEV", "ESRCH", "EBUSY", "EOPNOTSUPP"].includes(error.code)) return undefined;
  throw error;
}
