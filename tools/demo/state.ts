import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "../../lab";
import { cacheDir } from "../../lab/paths";
import { type HostSnapshot, snapshot } from "../../lab/snapshot";

/** What the demo remembers of a lab between its runs. */
interface Memory {
  /** Tells the lab's hosts from those of an earlier lab of the same name. */
  hostKeys: string[];
  /** What the hosts were before anything was done to them. */
  original: HostSnapshot[];
}

/** The folder of the demo's stack: its backend, its configuration and what is remembered. */
export const stateDir = (lab: string) => cacheDir("demo", lab);
const memoryFile = (lab: string) => join(stateDir(lab), "hosts.json");

/** Notes what the hosts are, when they are new; the stack of hosts that are gone is forgotten with them. */
export async function remember(lab: Lab): Promise<Memory> {
  const hostKeys = lab.hosts.map((host) => host.hostKey);
  const known = await recall(lab.name);
  if (known && known.hostKeys.join() === hostKeys.join()) return known;
  await forget(lab.name);
  const memory = { hostKeys, original: await Promise.all(lab.hosts.map(snapshot)) };
  await mkdir(stateDir(lab.name), { recursive: true });
  await writeFile(memoryFile(lab.name), JSON.stringify(memory));
  return memory;
}

export async function forget(lab: string): Promise<void> {
  await rm(stateDir(lab), { recursive: true, force: true });
}

async function recall(lab: string): Promise<Memory | undefined> {
  try {
    return JSON.parse(await readFile(memoryFile(lab), "utf8")) as Memory;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
