import { homedir } from "node:os";
import { join } from "node:path";

/** What is costly to make and can be made again: the hosts' base systems, the registry's content, the pulumi CLI. */
export function cacheDir(...parts: string[]): string {
  const root = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(root, "pulumi-crosshost", ...parts);
}

/** What belongs to running labs: a folder each, gone with `down`. On a disk, because Docker's images land here. */
export function stateDir(...parts: string[]): string {
  return join("/var/lib/pulumi-crosshost-lab", ...parts);
}
