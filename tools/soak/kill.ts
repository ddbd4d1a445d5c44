import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "../../lab";
import { CONTAINERS_PROGRAM, type WantedContainer } from "../containersProgram";
import { configureTwoHosts, makeProgram, PulumiStack } from "../stack";
import { containersOn, faultsOnHosts, numbered } from "./numbered";

/** What came of one `up` whose CLI was killed, and of the one after it. */
export interface Killed {
  /** Seconds after which it was killed. */
  after: number;
  /** The containers there were then, running or not, of those wanted. */
  there: number;
  /** Seconds that the next `up` took. */
  up: number;
  /** Everything that was not as it has to be; empty when the round is a good one. */
  faults: string[];
}

/** An `up` of many containers whose CLI is killed at a random moment, again and again. */
export class Kills {
  /** Seconds that an `up` takes from nothing. */
  whole = 0;

  private constructor(
    private readonly lab: Lab,
    private readonly stack: PulumiStack,
    private readonly wanted: readonly WantedContainer[],
  ) {}

  /** `dir` is a folder for program and stack, which is not there yet. */
  static async prepare(lab: Lab, dir: string, containers: number, log: (line: string) => void): Promise<Kills> {
    const program = await makeProgram(join(dir, "program"), CONTAINERS_PROGRAM);
    const wanted = numbered(lab, containers);
    await writeFile(join(program, "containers.json"), JSON.stringify(wanted));
    const state = join(dir, "state");
    const stack = await PulumiStack.open({ program, state, name: "kill", onLine: log, progress: log });
    await configureTwoHosts(stack, lab);
    const kills = new Kills(lab, stack, wanted);
    kills.whole = (await stack.up()).seconds;
    await stack.destroy();
    return kills;
  }

  /** Kills an `up`, runs another, and looks whether every container is there, once, running and whole. */
  async run(): Promise<Killed> {
    const after = Math.random() * this.whole;
    await this.stack.up({ mustSucceed: false, kill: { after: after * 1000 } });
    const there = (await containersOn(this.lab)).length;
    await this.stack.cancel();
    const up = await this.stack.up({ mustSucceed: false });
    const faults =
      up.exitCode === 0 ? [] : [`the next up failed: ${up.stdout.trim().split("\n").slice(-15).join(" | ")}`];
    faults.push(...(await faultsOnHosts(this.lab, this.wanted)));
    const again = await this.stack.up();
    const changed = again.steps.filter(({ op, type }) => op !== "same" && type.startsWith("crosshost:"));
    if (changed.length > 0) faults.push(`the up after it changed ${changed.map(({ name }) => name).join(", ")}`);
    await this.stack.destroy();
    const left = await containersOn(this.lab);
    if (left.length > 0) faults.push(`destroy left ${left.map(({ name }) => name).join(", ")}`);
    return { after, there, up: up.seconds, faults };
  }
}
