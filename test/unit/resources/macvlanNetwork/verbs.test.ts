import assert from "node:assert/strict";
import { macvlanNetwork } from "../../../../provider/resources/macvlanNetwork";
import type { MacvlanNetworkInputs, MacvlanNetworkState } from "../../../../provider/resources/macvlanNetwork/inputs";
import { OWNER_LABEL, ownershipLabels } from "../../../../provider/resources/shared/owned";
import { FakeDocker } from "../../../helpers/fakeDocker";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";

const hostsOn = (...hosts: string[]) => ({
  hosts: hosts.map(() => ({ parent: "eth0" })),
  connections: hosts.map((host) => connectionTo(host)),
});
const both = hostsOn("10.77.0.1", "10.77.0.2");
const news = {
  owner: "lab/dev/lan",
  name: "lan",
  ...both,
  ipamConfigs: [{ subnet: "10.77.0.0/24", gateway: "10.77.0.254", ipRange: "10.77.0.64/26" }],
};
const inputsWith = (changed: object = {}) => checked(macvlanNetwork, { ...news, ...changed });

function world() {
  const one = new FakeDocker({ address: "10.77.0.1" });
  const two = new FakeDocker({ address: "10.77.0.2" });
  const { run } = fakeRun({ "10.77.0.1": { docker: one }, "10.77.0.2": { docker: two } });
  const task = () => fakeTask(run);
  const create = (inputs: MacvlanNetworkInputs = inputsWith()) => macvlanNetwork.create(inputs, task());
  const settle = () => [one, two].map((docker) => docker.settle());
  const mutations = () => ({ one: one.mutations, two: two.mutations });
  return { one, two, task, create, settle, mutations };
}

async function containerOn(docker: FakeDocker, name: string, owner: string): Promise<void> {
  const Labels = ownershipLabels({ owner, spec: {} });
  await docker.containers.create(name, { Image: "busybox:1.35", HostConfig: { NetworkMode: "lan" }, Labels });
  await docker.containers.start(name);
}

describe("creating a MacvlanNetwork", () => {
  it("makes it on every host, each with its own range", async () => {
    const { one, two, create } = world();
    const state = await create();
    const networks = [await one.networks.inspect("lan"), await two.networks.inspect("lan")];
    assert.deepEqual(
      networks.map(({ Driver, Options, IPAM }) => ({ Driver, Options, IPAM })),
      ["10.77.0.64/28", "10.77.0.80/28"].map((IPRange) => ({
        Driver: "macvlan",
        Options: { parent: "eth0" },
        IPAM: { Config: [{ Subnet: "10.77.0.0/24", Gateway: "10.77.0.254", IPRange }] },
      })),
    );
    assert.equal(networks[0]?.Labels?.[OWNER_LABEL], "lab/dev/lan");
    assert.deepEqual(state.networkIds, { "10.77.0.1": networks[0]?.Id, "10.77.0.2": networks[1]?.Id });
  });

  it("again touches nothing", async () => {
    const { create, settle, mutations } = world();
    const first = await create();
    settle();
    assert.deepEqual(await create(), first);
    assert.deepEqual(mutations(), { one: [], two: [] });
  });

  it("finishes on the host where an interrupted run did not come to it", async () => {
    const { two, create, task, settle, mutations } = world();
    two.interrupt(/^create network/);
    const mine = task();
    await assert.rejects(macvlanNetwork.create(inputsWith(), mine), { message: "interrupted" });
    assert.equal(mine.touched, true);
    settle();
    await create();
    assert.deepEqual(mutations(), { one: [], two: ['create network "lan"'] });
  });

  it("refuses somebody else's of that name, and leaves it as it is", async () => {
    const { two, create } = world();
    await two.networks.create({ Name: "lan", Driver: "macvlan" });
    two.settle();
    await assert.rejects(create(), {
      message: 'host 10.77.0.2: the network "lan" exists already and was not made by this program',
    });
    assert.deepEqual(two.mutations, []);
  });
});

describe("updating a MacvlanNetwork", () => {
  it("touches only the host that comes", async () => {
    const { create, task, settle, mutations } = world();
    const olds = await create(inputsWith(hostsOn("10.77.0.1")));
    settle();
    const state = await macvlanNetwork.update(olds, checked(macvlanNetwork, news, olds), task());
    assert.deepEqual(mutations(), { one: [], two: ['create network "lan"'] });
    assert.deepEqual(Object.keys(state.networkIds), ["10.77.0.1", "10.77.0.2"]);
  });

  it("takes it away on the host that goes, after this stack's containers there have left it", async () => {
    const { one, two, create, task, settle } = world();
    const olds = await create();
    await containerOn(two, "web2", "lab/dev/web2");
    settle();
    const news = inputsWith(hostsOn("10.77.0.1"));
    const state = await macvlanNetwork.update(olds, news, task());
    assert.deepEqual(one.mutations, []);
    assert.equal(two.networks.lookUp("lan"), undefined);
    assert.deepEqual(Object.keys(state.networkIds), ["10.77.0.1"]);
  });

  it("names other people's containers on the host that goes", async () => {
    const { two, create, task } = world();
    const olds = await create();
    await containerOn(two, "theirs", "lab/prod/theirs");
    await assert.rejects(macvlanNetwork.update(olds, inputsWith(hostsOn("10.77.0.1")), task()), {
      message: 'host 10.77.0.2: the network "lan" cannot be removed: still on it: theirs (host 10.77.0.2)',
    });
  });

  it("touches nothing for a new credential", async () => {
    const { create, task, settle, mutations } = world();
    const olds = await create();
    settle();
    const connections = [connectionTo("10.77.0.1", { user: "admin" }), connectionTo("10.77.0.2")];
    await macvlanNetwork.update(olds, inputsWith({ connections }), task());
    assert.deepEqual(mutations(), { one: [], two: [] });
  });
});

describe("reading a MacvlanNetwork", () => {
  it("finds no difference where there is none", async () => {
    const { create, task } = world();
    const state = await create();
    assert.deepEqual(await macvlanNetwork.read(state, task()), state);
  });

  it("leaves out the host that lost it, or has somebody else's in its place; the next check plans that host again", async () => {
    const { two, create, task } = world();
    const state = await create();
    await two.networks.remove("lan");
    await two.networks.create({ Name: "lan", Driver: "macvlan" });
    const found = await macvlanNetwork.read(state, task());
    assert.deepEqual(Object.keys(found?.plan ?? {}), ["10.77.0.1"]);
    assert.deepEqual(macvlanNetwork.diff(found!, checked(macvlanNetwork, news, found)), {
      changes: true,
      replaces: [],
    });
  });

  it("finds it gone when it is on no host", async () => {
    const { one, two, create, task } = world();
    const state = await create();
    await one.networks.remove("lan");
    await two.networks.remove("lan");
    assert.equal(await macvlanNetwork.read(state, task()), undefined);
  });
});

describe("deleting a MacvlanNetwork", () => {
  it("removes it from every host; again is success", async () => {
    const { one, two, create, task, settle, mutations } = world();
    const state = await create();
    await macvlanNetwork.delete(state, task());
    assert.deepEqual([one.networks.lookUp("lan"), two.networks.lookUp("lan")], [undefined, undefined]);
    settle();
    await macvlanNetwork.delete(state, task());
    assert.deepEqual(mutations(), { one: [], two: [] });
  });

  it("works on what a failed create recorded: the inputs alone", async () => {
    const { one, two, create, task } = world();
    two.interrupt(/^create network/);
    await assert.rejects(create());
    await macvlanNetwork.delete(inputsWith() as MacvlanNetworkState, task());
    assert.equal(one.networks.lookUp("lan"), undefined);
  });
});
