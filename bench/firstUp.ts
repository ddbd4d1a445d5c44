import { join } from "node:path";
import { Lab } from "../lab";
import type { Progress } from "../lab/progress";
import { openStacks, type Programs, type Stacks } from "./contenders";

const LAB = "bench-pairs";
const IMAGES = ["consul:1.8.7", "busybox:1.35"];

/** Hosts that have just booted, with the example's images on them, and stacks that have never been up. */
export async function freshStart(
  programs: Programs,
  folder: string,
  progress: Progress,
): Promise<{ lab: Lab; stacks: Stacks }> {
  await (await Lab.open(LAB))?.stop();
  const lab = await Lab.start({ hosts: 2, name: LAB, progress });
  for (const host of lab.hosts) {
    for (const image of IMAGES) {
      const { stderr, exitCode } = await host.ssh(["docker", "pull", "--quiet", image]);
      if (exitCode !== 0) throw new Error(`${host.name}: docker pull ${image}: ${stderr.trim()}`);
    }
  }
  return { lab, stacks: await openStacks(programs, join(folder, "stacks"), lab) };
}
