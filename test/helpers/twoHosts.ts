import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../lab";
import { configureTwoHosts, makeProgram, PulumiStack, type StackRun } from "../../tools/stack";

/** A program in a temporary folder with a stack of its own, for a test to run and to edit. */
export class TestProgram {
  private constructor(
    private readonly folder: string,
    private readonly program: string,
    readonly stack: PulumiStack,
  ) {}

  /** The example of two hosts, or with `text` that program in its place, configured for the lab. */
  static async create(lab: Lab, text?: string): Promise<TestProgram> {
    const folder = await mkdtemp(join(tmpdir(), "crosshost-test-"));
    const program = await makeProgram(join(folder, "program"), text);
    const stack = await PulumiStack.open({ program, state: join(folder, "state"), progress: console.log });
    await configureTwoHosts(stack, lab);
    return new TestProgram(folder, program, stack);
  }

  /** Replaces a piece of the program's text; it is a mistake of the test when it is not there. */
  async edit(from: string, to: string): Promise<void> {
    const file = join(this.program, "index.ts");
    const before = await readFile(file, "utf8");
    if (!before.includes(from)) throw new Error(`the program has no ${from}`);
    await writeFile(file, before.replaceAll(from, to));
  }

  /** Writes a file beside the program's text. */
  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.program, name), text);
  }

  /** Another stack of the same program, with the same configuration. */
  async anotherStack(lab: Lab, name: string): Promise<PulumiStack> {
    const stack = await PulumiStack.open({ program: this.program, state: join(this.folder, name), name });
    await configureTwoHosts(stack, lab);
    return stack;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What changed, or in a preview would: "Container web1" to Pulumi's word for it. */
export function changes({ steps }: StackRun): Record<string, string> {
  const changed = steps.filter(({ op, type }) => op !== "same" && type.startsWith("crosshost:"));
  return Object.fromEntries(changed.map(({ type, name, op }) => [`${type.replace("crosshost:", "")} ${name}`, op]));
}

/** In which order: "delete-replaced Container web1". */
export function order({ steps }: StackRun): string[] {
  return steps.map(({ type, name, op }) => `${op} ${type.replace("crosshost:", "")} ${name}`);
}
