import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "../lab";
import { configureTwoHosts, makeProgram, PulumiStack, ROOT } from "../tools/stack";

/** The two that are measured against each other: the example of two hosts, and the same with resources that do nothing. */
export interface Programs {
  ours: string;
  baseline: string;
}

export async function makePrograms(folder: string): Promise<Programs> {
  const text = await readFile(join(ROOT, "bench/baseline/index.ts"), "utf8");
  return {
    ours: await makeProgram(join(folder, "ours")),
    baseline: await makeProgram(join(folder, "baseline"), text),
  };
}

export interface Stacks {
  ours: PulumiStack;
  baseline: PulumiStack;
}

/** A new stack of each, in `state`, ready for its first `up`. */
export async function openStacks(programs: Programs, state: string, lab: Lab): Promise<Stacks> {
  const progress = console.log;
  const ours = await PulumiStack.open({ program: programs.ours, state: join(state, "ours"), progress });
  const baseline = await PulumiStack.open({ program: programs.baseline, state: join(state, "baseline"), progress });
  // Both have the same configuration, so that the CLI has the same to read.
  for (const stack of [ours, baseline]) await configureTwoHosts(stack, lab);
  return { ours, baseline };
}
