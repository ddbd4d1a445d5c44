import assert from "node:assert/strict";
import { Lab } from "../../lab";
import { CASES_NETWORK, CASES_SUBNET, labCases as cases } from "../helpers/containerCases";
import { CONTAINERS_PROGRAM, inspectAll, type WantedContainer } from "../helpers/containersProgram";
import { changes, TestProgram } from "../helpers/twoHosts";

/** How many containers one `up` makes here at least. */
const MANY = 50;

/** A container for each option that the lab's hosts can apply; what it is, `docker inspect` on its host says. */
describe("every option of a Container, on real hosts", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;

  const containers = (phase: "set" | "change", more: object = {}): WantedContainer[] =>
    cases.map(({ option, beside, [phase]: value }, i) => ({
      name: option,
      host: i % 2,
      image: "busybox:1.35",
      command: ["sleep", "100000"],
      ...beside,
      [option]: value,
      ...more,
    }));
  /** Containers without any option, so that there are many. */
  const plain = Array.from({ length: MANY - cases.length }, (_, i) => ({
    ...{ name: `plain${i}`, host: i % 2, image: "busybox:1.35", command: ["sleep", "100000"] },
  }));
  const want = (wanted: WantedContainer[]) => program.write("containers.json", JSON.stringify(wanted));
  const assertShown = async (which: 0 | 1) => {
    const there = await inspectAll(lab);
    for (const { option, shown, expected } of cases) {
      assert.deepEqual(shown(there.get(option)!), expected[which], option);
    }
    return new Map([...there].map(([name, { Id }]) => [name, Id]));
  };
  let ids: Map<string, string>;

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-container-options" });
    for (const host of lab.hosts) {
      const made = await host.ssh(["docker", "network", "create", "--subnet", CASES_SUBNET, CASES_NETWORK]);
      assert.equal(made.exitCode, 0, made.stderr);
    }
    program = await TestProgram.create(lab, CONTAINERS_PROGRAM);
  });
  after(async () => {
    await program?.stack.destroy();
    await lab?.stop();
    await program?.remove();
  });

  it("is set, among fifty containers on two hosts in one `up`", async () => {
    await want([...containers("set"), ...plain]);
    await program.stack.up();
    ids = await assertShown(0);
    assert.equal(ids.size, MANY);
    for (const [name, { State }] of await inspectAll(lab)) if (name.startsWith("plain")) assert.ok(State.Running, name);
  });

  it("is no change when it is set again, after a refresh", async () => {
    assert.deepEqual(changes(await program.stack.refresh()), {});
    assert.deepEqual(changes(await program.stack.up()), {});
  });

  it("is the same to a program that adopts the container, and its differences are listed when it is not", async () => {
    const other = await program.anotherStack(lab, "other");
    await want(containers("set", { adopt: true }));
    await other.up();
    assert.deepEqual(await assertShown(0), ids);
    await other.remove();
    // The others would be changed in place, which is for the last test to do.
    const fixed = containers("change", { adopt: true }).filter((_, i) => cases[i]!.replaces);
    await want(fixed);
    const third = await program.anotherStack(lab, "third");
    const { stdout, exitCode } = await third.up({ mustSucceed: false, args: ["--continue-on-error"] });
    assert.notEqual(exitCode, 0);
    const differing = /container "(\w+)" cannot be adopted, since it differs from the program: (\w+) /g;
    const found = new Set([...stdout.matchAll(differing)].map(([, container, option]) => `${container} ${option}`));
    const expected = cases.filter(({ differs }) => differs).map(({ option }) => `${option} ${option}`);
    assert.deepEqual([...found].sort(), expected.sort());
    await third.remove();
  });

  it("changes in place or by replacement, as the table says", async () => {
    await want(containers("change"));
    const run = await program.stack.up();
    const expected = cases.map(({ option, replaces }) => [`Container ${option}`, replaces ? "replace" : "update"]);
    const done = changes(run);
    for (const [resource = "", operation] of expected) {
      if (operation === "update") assert.equal(done[resource], operation, resource);
      else assert.match(done[resource] ?? "", /replace/, resource);
    }
    const now = await assertShown(1);
    for (const { option, replaces } of cases) assert.equal(now.get(option) !== ids.get(option), replaces, option);
    assert.deepEqual(changes(await program.stack.refresh()), {});
    assert.deepEqual(changes(await program.stack.up()), {});
  });
});
