import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { programFolder } from "./builtPackage";

/** What a process saw that worked on hosts. */
interface Seen {
  /** Until each of them was done with. */
  seconds: number[];
  megabytes: number;
}

describe("many hosts at once", function () {
  this.timeout(180_000);
  let program: ReturnType<typeof programFolder>;
  const children: ChildProcess[] = [];

  before(() => {
    program = programFolder();
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill();
  });
  after(() => program.remove());

  /** Simulated hosts, of which the last takes `delay` milliseconds for each command. */
  async function hosts(count: number, delay = 0): Promise<{ ports: number[] }> {
    const script = join(__dirname, "manyHosts/hosts.ts");
    const child = fork(script, [String(count), String(delay)], { execArgv: ["--import", "tsx"] });
    children.push(child);
    const [message] = await once(child, "message");
    return message as { ports: number[] };
  }

  async function workOn(there: { ports: number[] }): Promise<Seen> {
    const user = fork(join(__dirname, "manyHosts/user.cjs"), { execArgv: [] });
    children.push(user);
    user.send({ built: join(program.folder, "node_modules/pulumi-crosshost"), ...there });
    const [message] = await once(user, "message");
    return message as Seen;
  }

  it("take no longer each than eight do, and little memory", async () => {
    const [few, many] = [await hosts(8), await hosts(64)];
    const ratios: number[] = [];
    const megabytes: number[] = [];
    for (let pair = 0; pair < 5; pair++) {
      const [withFew, withMany] = [await workOn(few), await workOn(many)];
      ratios.push(Math.max(...withMany.seconds) / 64 / (Math.max(...withFew.seconds) / 8));
      megabytes.push(withMany.megabytes);
    }
    const median = ratios.sort((a, b) => a - b)[2]!;
    console.log(
      `      64 hosts against 8, time for each: ${median.toFixed(2)}; ${Math.round(Math.max(...megabytes))} MB`,
    );
    assert.ok(median <= 1, `the times' ratios: ${ratios.join(", ")}`);
    assert.ok(Math.max(...megabytes) < 150, `megabytes: ${megabytes.join(", ")}`);
  });

  it("do not wait for a slow one", async () => {
    const { seconds } = await workOn(await hosts(64, 3_000));
    const slow = seconds.pop()!;
    assert.ok(slow >= 12, `the slow one: ${slow} s`);
    assert.ok(Math.max(...seconds) < slow / 3, `the others: ${Math.max(...seconds)} s, the slow one: ${slow} s`);
  });
});
