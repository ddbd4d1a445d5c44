import { readdir, readFile } from "node:fs/promises";
import { setInterval } from "node:timers/promises";

/** Milliseconds between two looks; the kernel keeps the peak, so that only the very last growth can be missed. */
const INTERVAL = 200;

/**
 * The most memory that a dynamic-provider process held while `work` ran, in megabytes (resident set). Only processes whose
 * environment has `home` as Pulumi's home are looked at.
 */
export async function providerPeakDuring(home: string, work: () => Promise<void>): Promise<number> {
  const end = new AbortController();
  let peak = 0;
  const watching = (async () => {
    for await (const _ of setInterval(INTERVAL, undefined, { signal: end.signal })) {
      peak = Math.max(peak, await providerPeak(home));
    }
  })().catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
  });
  try {
    await work();
  } finally {
    end.abort();
    await watching;
  }
  return peak;
}

async function providerPeak(home: string): Promise<number> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const peaks = await Promise.all(
    pids.map(async (pid) => {
      const [program, script] = (await read(pid, "cmdline")).split("\0");
      if (!/(^|\/)node$/.test(program ?? "") || !script?.includes("/cmd/dynamic-provider/")) return 0;
      if (!(await read(pid, "environ")).split("\0").includes(`PULUMI_HOME=${home}`)) return 0;
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(await read(pid, "status"))?.[1] ?? 0) / 1024;
    }),
  );
  return Math.max(0, ...peaks);
}

/** A process may end while it is looked at. */
async function read(pid: string, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH")) return "";
    throw error;
  }
}
