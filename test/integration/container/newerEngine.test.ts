import assert from "node:assert/strict";
import { Lab } from "../../../lab";
import { container } from "../../../provider/resources/container";
import type { ContainerInputs, ContainerState } from "../../../provider/resources/container/inputs";
import { CASES_NETWORK, CASES_SUBNET, labCases } from "../../helpers/containerCases";
import { inspectAll } from "../../helpers/containersProgram";
import { RealRun } from "../../helpers/realRun";

/** Debian 13's Docker 26, which speaks API 1.45: what came with 1.44 is asked of it, and what its inspect says is read. */
describe("a Container on an engine of Docker 25 or later", function () {
  this.timeout("3m");

  let lab: Lab;
  let run: RealRun;

  const docker = async (...words: string[]) => {
    const { stdout, stderr, exitCode } = await lab.host(1).ssh(["docker", ...words]);
    assert.equal(exitCode, 0, `docker ${words.join(" ")}: ${stderr}`);
    return stdout;
  };
  const inputs = (name: string, more: object) =>
    run.checked<ContainerInputs>(container, {
      ...{ owner: `t/t/${name}`, connection: run.connectionTo(lab.host(1)), name },
      ...{ image: "busybox:1.35", command: ["sleep", "100000"], ...more },
    });
  const there = async (name: string) => (await inspectAll(lab)).get(name)!;
  const unchanged = async (state: ContainerState, wanted: ContainerInputs) => {
    const found = (await container.read(state, run.task()))!;
    assert.deepEqual(container.diff(found, wanted), { changes: false, replaces: [] }, wanted.name);
  };

  before(async () => {
    lab = await Lab.start({ hosts: 1, suite: "trixie", name: "integration-newer-engine" });
    run = new RealRun(lab);
    await docker("network", "create", "--subnet", CASES_SUBNET, CASES_NETWORK);
    await docker("network", "create", "--subnet", "10.91.0.0/24", "front");
    await docker("network", "create", "--subnet", "10.92.0.0/24", "back");
  });
  after(async () => {
    await run?.close();
    await lab?.stop();
  });

  it("has every option as it is set, and as it is changed; set again is no change, also after a refresh", async () => {
    const of = (phase: "set" | "change") =>
      labCases.map(({ option, beside, [phase]: value }) => inputs(option, { ...beside, [option]: value }));
    const assertShown = async (which: 0 | 1) => {
      const all = await inspectAll(lab);
      for (const { option, shown, expected } of labCases) {
        assert.deepEqual(shown(all.get(option)!), expected[which], option);
      }
    };
    const [set, changed] = [of("set"), of("change")];
    const states = await Promise.all(set.map((each) => container.create(each, run.task())));
    await assertShown(0);
    await Promise.all(states.map((state, i) => unchanged(state, set[i]!)));
    const after = await Promise.all(
      states.map(async (state, i) => {
        const { replaces } = container.diff(state, changed[i]!);
        assert.deepEqual(replaces, labCases[i]!.replaces ? [labCases[i]!.option] : []);
        if (replaces.length === 0) return await container.update(state, changed[i]!, run.task());
        await container.delete(state, run.task());
        return await container.create(changed[i]!, run.task());
      }),
    );
    await assertShown(1);
    await Promise.all(after.map((state, i) => unchanged(state, changed[i]!)));
    for (const [i, { containerId }] of after.entries()) {
      assert.equal(containerId !== states[i]!.containerId, labCases[i]!.replaces, labCases[i]!.option);
    }
  });

  it("has a MAC address for each endpoint from the start; another replaces it, other networks come and go", async () => {
    const web = (back: string, ...more: object[]) =>
      inputs("web", {
        networksAdvanced: [
          { name: "front", macAddress: "02:00:00:00:00:07", aliases: ["web"] },
          { name: "back", macAddress: back },
          ...more,
        ],
      });
    const macs = async () => {
      const { Networks } = (await there("web")).NetworkSettings;
      const inside = await docker("exec", "web", "ip", "link");
      for (const { MacAddress } of Object.values(Networks)) assert.ok(inside.includes(MacAddress), MacAddress);
      return [Networks.front!.MacAddress, Networks.back!.MacAddress];
    };
    const wanted = web("02:00:00:00:00:08");
    const state = await container.create(wanted, run.task());
    assert.deepEqual(await macs(), ["02:00:00:00:00:07", "02:00:00:00:00:08"]);
    await unchanged(state, wanted);
    const more = web("02:00:00:00:00:08", { name: CASES_NETWORK });
    assert.deepEqual(container.diff(state, more), { changes: true, replaces: [] });
    const after = await container.update(state, more, run.task());
    assert.equal((await there("web")).Id, state.containerId);
    assert.deepEqual(await macs(), ["02:00:00:00:00:07", "02:00:00:00:00:08"]);
    await unchanged(after, more);
    const other = web("02:00:00:00:00:09");
    assert.deepEqual(container.diff(after, other), { changes: true, replaces: ["networksAdvanced"] });
    await container.delete(after, run.task());
    await container.create(other, run.task());
    assert.deepEqual(await macs(), ["02:00:00:00:00:07", "02:00:00:00:00:09"]);
  });

  it("is looked after more often while it starts; a gateway's priority is refused with the Docker that has it", async () => {
    const healthcheck = { tests: ["CMD", "true"], interval: "90s", startPeriod: "60s", startInterval: "1s" };
    const wanted = inputs("quick", { healthcheck, wait: true });
    const state = await container.create(wanted, run.task());
    assert.equal((await there("quick")).Config.Healthcheck!.StartInterval, 1e9);
    await unchanged(state, wanted);
    const task = run.task();
    const first = inputs("first", { networksAdvanced: [{ name: "front", gwPriority: 5 }] });
    await assert.rejects(container.create(first, task), {
      message: `host ${lab.host(1).address}: \`networksAdvanced[0].gwPriority\` needs Docker 28; its engine speaks API 1.45`,
    });
    assert.equal(task.touched, false);
  });
});
