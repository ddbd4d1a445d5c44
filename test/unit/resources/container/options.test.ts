import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { container } from "../../../../provider/resources/container";
import type { ContainerInputs, ContainerState } from "../../../../provider/resources/container/inputs";
import { type OptionName, optionEntries } from "../../../../provider/resources/container/options";
import type { ContainerOption } from "../../../../provider/resources/container/options/option";
import { CASES_NETWORK, CASES_SUBNET, isSeenElsewhere, optionCases } from "../../../helpers/containerCases";
import { FakeDocker } from "../../../helpers/fakeDocker";
import { FakeHost } from "../../../helpers/fakeHost";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";

const news = {
  owner: "lab/dev/web1",
  connection: connectionTo("10.77.0.1"),
  name: "web1",
  image: "busybox:1.35",
  command: ["sleep", "1000"],
};

/** Set, set again, changed: for every option of the table, and none without a case. */
describe("every option of a Container", () => {
  it("has a case", () => {
    assert.deepEqual(Object.keys(optionCases).sort(), optionEntries.map(([name]) => name).sort());
  });

  for (const [name, option] of optionEntries) describe(name, () => threeTests(name, option));
});

function threeTests(name: OptionName, { onChange }: ContainerOption<unknown>) {
  const each = optionCases[name];
  const inputsWith = (value: unknown) => checked(container, { ...news, ...each.beside, [name]: value });
  const [set, changed] = [inputsWith(each.set), inputsWith(each.change)];
  const change = typeof onChange === "function" ? onChange(set[name], changed[name]) : onChange;

  if (isSeenElsewhere(each)) {
    it(`is tested in ${each.elsewhere}`, () => {
      const [file = "", title = ""] = each.elsewhere.split(": ");
      const path = join(__dirname, "../../..", file);
      assert.ok(existsSync(path), file);
      assert.match(readFileSync(path, "utf8"), new RegExp(`it\\(["\`]${title}`));
    });
  }

  it("comes to the same when it is checked again", () => {
    const { host: _host, reachable: _reachable, ...again } = set;
    assert.deepEqual(checked(container, { ...again }), set);
  });

  it("reaches the engine, and changes nothing when it is set again, also after a refresh", async () => {
    const { docker, task } = await world();
    const state = await container.create(set, task());
    if (!isSeenElsewhere(each) && !each.hasToRun) {
      assert.deepEqual(each.shown(await docker.containers.inspect("web1")), each.expected[0]);
    }
    docker.settle();
    assert.deepEqual(await container.create(set, task()), state);
    assert.deepEqual(docker.mutations, []);
    const read = await container.read(state, task());
    assert.deepEqual(plain(read), plain(state));
    // As one that somebody made anew, of which everything is compared.
    const another = await container.read({ ...state, containerId: "another" }, task());
    assert.deepEqual(container.diff(another!, set), { changes: false, replaces: [] });
  });

  it(`${change === "replace" ? "is a replacement" : "is no replacement"} when it changes`, async () => {
    const { docker, task } = await world();
    const state = await container.create(set, task());
    const replaces = change === "replace" ? [name] : [];
    assert.deepEqual(container.diff(state, changed), { changes: true, replaces });
    if (change === "replace") await container.delete(state, task());
    const after =
      change === "replace" ? await container.create(changed, task()) : await container.update(state, changed, task());
    if (!isSeenElsewhere(each) && !each.hasToRun) {
      assert.deepEqual(each.shown(await docker.containers.inspect("web1")), each.expected[1]);
    }
    assert.equal(after.containerId === state.containerId, change !== "replace");
    assert.deepEqual(container.diff(after, changed), { changes: false, replaces: [] });
  });
}

async function world() {
  const docker = new FakeDocker({ images: ["busybox:1.35", "httpd:2"], registry: ["busybox:1.35"] });
  docker.digests.set("busybox:1.35", "sha256:1");
  Object.assign(docker.imageConfig, { Cmd: ["sh"], Env: ["PATH=/bin"], Labels: { vendor: "them" } });
  await docker.networks.create({ Name: CASES_NETWORK, IPAM: { Config: [{ Subnet: CASES_SUBNET }] } });
  docker.settle();
  const host = new FakeHost({ "cat /proc/1000/net/route": "" });
  const { run } = fakeRun({ "10.77.0.1": { docker, host } });
  return { docker, task: () => fakeTask(run) };
}

function plain(state: ContainerInputs | ContainerState | undefined): unknown {
  return JSON.parse(JSON.stringify(state));
}
