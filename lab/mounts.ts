import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run";

/** Mounts a host's root file system: the base below, what the host writes above, in `dir`. */
export async function mountRoot(baseDir: string, dir: string): Promise<string> {
  const [upper, work, root] = ["upper", "work", "root"].map((name) => join(dir, name)) as [string, string, string];
  for (const folder of [upper, work, root]) await mkdir(folder, { recursive: true });
  const options = `lowerdir=${baseDir},upperdir=${upper},workdir=${work}`;
  await run("mount", ["-t", "overlay", "overlay", "-o", options, root]);
  return root;
}

/** Unmounts everything at or below `dir`. */
export async function unmountBelow(dir: string): Promise<void> {
  // The last mounted comes first, in case one stands on another.
  for (const point of (await mountsBelow(dir)).reverse()) await run("umount", [point]);
}

/** Where something is mounted at or below `dir`. */
export async function mountsBelow(dir: string): Promise<string[]> {
  const lines = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  const points = lines.map((line) => (line.split(" ")[1] ?? "").replaceAll("\\040", " "));
  return points.filter((point) => point === dir || point.startsWith(`${dir}/`));
}
