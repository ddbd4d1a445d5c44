import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { CrosshostError } from "../provider/errors";

/**
 * Runs `work` while no other process on this machine holds the same lock file.
 * A helper process holds the lock for as long as its input is open, so that a killed holder leaves no lock behind.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const holder = spawn("flock", [file, "sh", "-c", "echo locked; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(holder, "exit");
  const first = await Promise.race([once(holder.stdout, "data"), ended]);
  if (!String(first[0]).startsWith("locked")) {
    throw new CrosshostError(`cannot lock ${file}: flock ended with ${first[0]}`, { code: "command-failed" });
  }
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
