import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { withLock } from "./lock";
import { cacheDir } from "./paths";
import { run } from "./run";

/** A short name for everything that defines a cached thing: another definition is another folder. */
export function cacheKey(definition: unknown): string {
  return createHash("sha256").update(JSON.stringify(definition)).digest("hex").slice(0, 12);
}

/**
 * The folder at `path` in the cache, built by `build` when it is not there yet.
 * It appears complete or not at all; of two that want it at the same time, one builds and the other waits.
 */
export async function cached(path: string[], build: (dir: string) => Promise<void>): Promise<string> {
  const final = cacheDir(...path);
  if (existsSync(final)) return final;
  return await withLock(`${final}.lock`, async () => {
    if (existsSync(final)) return final;
    await removeAbandoned(final);
    const dir = await mkdtemp(`${final}.building-`);
    try {
      await build(dir);
      await rename(dir, final);
    } catch (error) {
      await removeTree(dir);
      throw error;
    }
    return final;
  });
}

/** A build that was killed leaves its folder; whoever holds the lock knows that nobody works in it. */
async function removeAbandoned(final: string): Promise<void> {
  for (const entry of await readdir(dirname(final))) {
    if (entry.startsWith(`${basename(final)}.building-`)) await removeTree(join(dirname(final), entry));
  }
}

const removeTree = (dir: string) => run("rm", ["-rf", "--one-file-system", "--", dir]);
