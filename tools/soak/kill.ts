import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "../../lab";
import { CONTAINERS_PROGRAM, type WantedContainer } from "../containersProgram";
import { configureTwoHosts, makeProgram, PulumiStack } from "../stack";

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
    const wanted = Array.from({ length: containers }, (_, i) => ({
      ...{ name: `web${i + 1}`, host: i % lab.hosts.length, image: "busybox:1.35", command: ["sleep", "100000"] },
      uploads: [{ file: "/etc/number", content: String(i + 1) }],
    }));
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
    await this.stack.up({ mustSucceed: false, killAfter: after * 1000 });
    const there = (await this.containers()).length;
    await this.stack.cancel();
    const up = await this.stack.up({ mustSucceed: false });
    const faults =
      up.exitCode === 0 ? [] : [`the next up failed: ${up.stdout.trim().split("\n").slice(-15).join(" | ")}`];
    faults.push(...(await this.faultsOnHosts()));
    const again = await this.stack.up();
    const changed = again.steps.filter(({ op, type }) => op !== "same" && type.startsWith("crosshost:"));
    if (changed.length > 0) faults.push(`the up after it changed ${changed.map(({ name }) => name).join(", ")}`);
    await this.stack.destroy();
    const left = await this.containers();
    if (left.length > 0) faults.push(`destroy left ${left.map(({ name }) => name).join(", ")}`);
    return { after, there, up: up.seconds, faults };
  }

  private async faultsOnHosts(): Promise<string[]> {
    const there = await this.containers();
    const text = (list: { host: number; name: string }[]) => list.map(({ host, name }) => `${host}/${name}`).sort();
    const [found, expected] = [text(there), text([...this.wanted])];
    const faults = [
      ...expected.filter((one) => !found.includes(one)).map((one) => `${one} is missing`),
      ...found
        .filter((one, i) => found.indexOf(one) !== i || !expected.includes(one))
        .map((one) => `${one} is too much`),
      ...there.filter(({ state }) => state !== "running").map(({ name, state }) => `${name} is ${state}`),
    ];
    for (const [i, { ssh }] of this.lab.hosts.map((host) => ({ ssh: host.ssh.bind(host) })).entries()) {
      const names = this.wanted.filter(({ host }) => host === i).map(({ name }) => name);
      const script = 'for name; do echo "$name $(docker exec "$name" cat /etc/number)"; done';
      const { stdout } = await ssh(["sh", "-c", script, "sh", ...names]);
      const wrong = stdout.split("\n").filter((line) => line !== "" && !/^web(\d+) \1$/.test(line));
      faults.push(...wrong.map((line) => `its file is not what was put there: ${line}`));
    }
    return faults;
  }

  private async containers(): Promise<{ host: number; name: string; state: string }[]> {
    const perHost = await Promise.all(
      this.lab.hosts.map(async (host, i) => {
        const { stdout } = await host.ssh(["docker", "ps", "-a", "--format", "{{.Names}} {{.State}}"]);
        const lines = stdout.split("\n").filter((line) => line !== "");
        return lines.map((line) => {
          const [name = "", state = ""] = line.split(" ");
          return { host: i, name, state };
        });
      }),
    );
    return perHost.flat();
  }
}
