import { homedir } from "node:os";
import { join } from "node:path";

/** What is costly to make and the same for every lab: base systems and the registry's content. */
export function cacheDir(...parts: string[]): string {
  const root = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(root, "pulumi-crosshost", "lab", ...parts);
}

/** What belongs to running labs: a folder each, gone with `down`. On a disk, because Docker's images land here. */
export function stateDir(...parts: string[]): string {
  return join("/var/lib/pulumi-crosshost-lab", ...parts);
}
