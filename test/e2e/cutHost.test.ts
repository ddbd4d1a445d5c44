import assert from "node:assert/strict";
import { Lab } from "../../lab";
import { addressIn, ping, pingTable } from "../../lab/packets";
import { Deadline, waitFor } from "../../provider/wait";
import { overlayProgram } from "../../tools/overlayProgram";
import type { StackRun } from "../../tools/stack";
import { changes, TestProgram } from "../helpers/twoHosts";

const NETWORK = "ov_net1";

/** Each container is waited for until it has a file: so a host goes when all of them run, and none is proven. */
const HELD = `
  envs: ["ROUND=" + (config.get("round") ?? "1")],
  wait: true, healthcheck: { tests: ["CMD", "test", "-e", "/go"], interval: "1s", retries: 60 },`;

/** Seconds from the cut to the end of `up`: 12 until silence is noticed, two dials of 2, and what a busy machine takes. */
const LONGEST = 60;

/** Three hosts, so that there is something to prove without the one that goes. Each test stands on the one before. */
describe("a host that goes while up makes containers", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;

  before(async () => {
    lab = await Lab.start({ hosts: 3, name: "e2e-cut" });
    program = await TestProgram.create(lab, overlayProgram({ container: HELD }));
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
  });

  const web = (number: number) => ({ host: lab.host(number), container: `web${number}` });
  const on = async (number: number, ...command: string[]) => {
    const { exitCode, stderr } = await lab.host(number).ssh(command);
    return exitCode === 0 ? { done: true } : { seen: stderr || `exit code ${exitCode}` };
  };
  /** Not by exec, since a container may have ended with its host. */
  const letGo = async (number: number) =>
    assert.deepEqual(await on(number, "docker", "cp", "/etc/hostname", `web${number}:/go`), { done: true });

  /** An `up` in which host 3 goes once all new containers run; the others' are let go then. */
  async function upWhile(hostGoes: () => Promise<void>): Promise<StackRun> {
    const up = program.stack.up({ mustSucceed: false });
    for (const number of [1, 2, 3])
      await waitFor(() => on(number, "docker", "exec", `web${number}`, "test", "!", "-e", "/go"), {
        what: `a new web${number} to run`,
        deadline: new Deadline(60_000),
      });
    const cut = performance.now();
    await hostGoes();
    await Promise.all([letGo(1), letGo(2)]);
    const run = await up;
    const seconds = (performance.now() - cut) / 1000;
    assert.ok(seconds < LONGEST, `ended ${seconds} s later:\n${run.stdout}`);
    return run;
  }

  /** It fails of host 3 alone, says so, and forgets nothing; the others' containers reach each other. */
  async function assertOthersAreDone(run: StackRun): Promise<void> {
    assert.notEqual(run.exitCode, 0);
    const said = run.stdout.replaceAll(lab.host(3).address, "HOST3");
    assert.match(
      said,
      /\(web3\):\s+error: 1 error occurred:\s+\* host HOST3: cannot connect to port 22: .*\(is the host up/,
    );
    assert.match(said, /warning: HOST3: not reached \(.*\): nothing on "ov_net1" is proven from or to it/);
    assert.match(await program.stack.exportState(), /"urn": "[^"]*::web3"/);
    assert.equal(await ping(web(1), await addressIn(web(2), NETWORK)), 3);
    assert.equal(await ping(web(2), await addressIn(web(1), NETWORK)), 3);
  }

  async function assertAllIsDone(): Promise<void> {
    assert.deepEqual(new Set(Object.values(await pingTable(lab, [NETWORK]))), new Set([3]));
    await program.stack.up({ refresh: true, expectNoChanges: true });
  }

  it("by its cable fails its own container alone, which the next up finishes", async () => {
    const run = await upWhile(() => lab.host(3).unplug());
    const { "Container web1": web1, "Container web2": web2, "Container web3": web3 } = changes(run);
    assert.deepEqual([web1, web2, web3], ["create", "create", undefined]);
    await assertOthersAreDone(run);
    await lab.host(3).plug();
    await letGo(3);
    assert.deepEqual(changes(await program.stack.up()), { "Container web3": "update" });
    await assertAllIsDone();
  });

  it("by its power fails its own container alone, which the next up with a refresh finishes", async () => {
    await program.stack.config("round", "2");
    await assertOthersAreDone(await upWhile(() => lab.host(3).powerOff()));
    await lab.host(3).powerOn();
    await letGo(3);
    const { stdout } = await program.stack.up({ refresh: true });
    assert.match(stdout, /restarting docker, which a power loss has left unable to bring containers to their overlays/);
    await assertAllIsDone();
  });
});
