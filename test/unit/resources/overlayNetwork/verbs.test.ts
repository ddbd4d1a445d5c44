import assert from "node:assert/strict";
import { overlayNetwork } from "../../../../provider/resources/overlayNetwork";
import type { OverlayNetworkInputs, OverlayNetworkState } from "../../../../provider/resources/overlayNetwork/inputs";
import { OWNER_LABEL, ownershipLabels } from "../../../../provider/resources/shared/owned";
import { FakeConsul } from "../../../helpers/fakeConsul";
import { FakeDocker, type SharedNetworks } from "../../../helpers/fakeDocker";
import { FakeHost } from "../../../helpers/fakeHost";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";

const news = {
  owner: "lab/dev/ov",
  name: "ov_net1",
  connections: [connectionTo("10.77.0.1"), connectionTo("10.77.0.2")],
  ipamConfigs: [{ subnet: "10.200.0.0/24", gateway: "10.200.0.1" }],
  options: { "com.docker.network.driver.mtu": "1400" },
  labels: { a: "b" },
};
const inputsWith = (changed: object = {}) => checked(overlayNetwork, { ...news, ...changed });

function world(shared: SharedNetworks = new Map(), second: SharedNetworks = shared) {
  const info = { ClusterStore: "consul://10.77.0.1:8500" };
  const one = new FakeDocker({ address: "10.77.0.1", info, shared });
  const two = new FakeDocker({ address: "10.77.0.2", info, shared: second });
  const consul = new FakeConsul();
  const hostOf = (address: string) => new FakeHost({}, address, "root", () => consul.open());
  const { run } = fakeRun({
    "10.77.0.1": { docker: one, host: hostOf("10.77.0.1") },
    "10.77.0.2": { docker: two, host: hostOf("10.77.0.2") },
  });
  const task = () => fakeTask(run);
  const create = (inputs: OverlayNetworkInputs = inputsWith()) => overlayNetwork.create(inputs, task());
  const mutations = () => [...one.mutations, ...two.mutations];
  return { one, two, consul, task, create, mutations };
}

async function containerOn(docker: FakeDocker, name: string, owner?: string): Promise<void> {
  const { Id } = await docker.containers.create(name, {
    Image: "busybox:1.35",
    HostConfig: { NetworkMode: "ov_net1" },
    Labels: owner === undefined ? {} : ownershipLabels({ owner, spec: {} }),
  });
  await docker.containers.start(Id);
}

describe("creating an OverlayNetwork", () => {
  it("makes it once, through the first host", async () => {
    const { one, create, mutations } = world();
    const state = await create();
    const network = await one.networks.inspect("ov_net1");
    assert.deepEqual(mutations(), ['create network "ov_net1"']);
    assert.equal(network.Driver, "overlay");
    assert.deepEqual(network.IPAM, { Config: [{ Subnet: "10.200.0.0/24", Gateway: "10.200.0.1" }] });
    assert.deepEqual(network.Options, { "com.docker.network.driver.mtu": "1400" });
    assert.equal(network.Labels?.a, "b");
    assert.equal(network.Labels?.[OWNER_LABEL], "lab/dev/ov");
    assert.deepEqual([state.networkId, state.scope], [network.Id, "global"]);
  });

  it("again touches nothing", async () => {
    const { create, mutations } = world();
    const first = await create();
    assert.deepEqual(await create(), first);
    assert.equal(mutations().length, 1);
  });

  it("makes it anew where an interrupted run left it with other inputs", async () => {
    const { create, mutations } = world();
    const before = await create(inputsWith({ ipamConfigs: [{ subnet: "10.201.0.0/24" }] }));
    const after = await create();
    assert.notEqual(after.networkId, before.networkId);
    assert.deepEqual(mutations().slice(1), [`remove network "${before.networkId}"`, 'create network "ov_net1"']);
  });

  it("refuses somebody else's of that name, and leaves it as it is", async () => {
    const { one, task, mutations } = world();
    await one.networks.create({ Name: "ov_net1", Driver: "bridge", Labels: { [OWNER_LABEL]: "lab/prod/ov" } });
    one.settle();
    const mine = task();
    await assert.rejects(overlayNetwork.create(inputsWith(), mine), {
      message: 'host 10.77.0.1: the network "ov_net1" exists already and belongs to lab/prod/ov',
    });
    assert.deepEqual(mutations(), []);
    assert.equal(mine.touched, false);
  });

  it("says what is wrong where the engine is in no cluster", async () => {
    const { one, create, mutations } = world();
    one.info.ClusterStore = "";
    await assert.rejects(create(), {
      message: "host 10.77.0.1: its engine is in no cluster, so it cannot make an overlay network",
      hint: "take the connections from `ClusterMember`s: `connections: members.map(m => m.connection)`",
    });
    assert.deepEqual(mutations(), []);
  });

  it("says which host does not see it, and is recorded all the same", async () => {
    const { task } = world(new Map(), new Map());
    const mine = task();
    await assert.rejects(overlayNetwork.create(inputsWith(), mine), {
      message:
        'timed out after 60 s waiting for host 10.77.0.2 to see the network "ov_net1"; last seen: no such network',
      hint: "is the host a member of the same cluster?",
    });
    assert.equal(mine.touched, true);
  });

  it("is recorded when it fails again on what an earlier run left", async () => {
    const { create, task } = world(new Map(), new Map());
    await assert.rejects(create());
    const mine = task();
    await assert.rejects(overlayNetwork.create(inputsWith(), mine));
    assert.equal(mine.touched, true);
  });
});

describe("reading an OverlayNetwork", () => {
  it("finds no difference where there is none", async () => {
    const { create, task } = world();
    const state = await create();
    assert.deepEqual(await overlayNetwork.read(state, task()), state);
  });

  it("leaves out the host that does not see it", async () => {
    const shared: SharedNetworks = new Map();
    const second: SharedNetworks = new Map();
    const { one, create, task } = world(shared, second);
    const failing = create();
    await assert.rejects(failing);
    const { Id } = await one.networks.inspect("ov_net1");
    const state: OverlayNetworkState = { ...inputsWith(), networkId: Id, scope: "global" };
    assert.deepEqual((await overlayNetwork.read(state, task()))?.hosts, ["10.77.0.1"]);
  });

  it("never takes an engine that cannot ask its store for a network that is gone", async () => {
    const shared: SharedNetworks = new Map();
    const { one, consul, task, create } = world(shared);
    const state = await create();
    consul.keys.set(`docker/network/v1.0/network/${state.networkId}/`, "{}");
    const network = shared.get("ov_net1")!;
    // As when the engine has lost its store: it sees none of the networks there.
    shared.clear();
    await assert.rejects(overlayNetwork.read(state, task()), {
      code: "not-ready",
      message:
        /^host 10\.77\.0\.[12]: its engine does not see the network "ov_net1", though its store consul:\/\/10\.77\.0\.1:8500 has it$/,
    });
    consul.open = () => {
      throw new Error("connection refused");
    };
    await assert.rejects(overlayNetwork.read(state, task()), {
      code: "not-ready",
      message: /^host 10\.77\.0\.[12]: its engine does not see .* and whether it is gone cannot be told: /,
    });
    // Who says that what cannot be reached is to be passed over means the store, too.
    const skipping = { ...state, skipUnreachableHosts: true };
    assert.deepEqual(await overlayNetwork.read(skipping, task()), skipping);
    await overlayNetwork.delete(skipping, task());
    // And as when it has found it again.
    const inspect = one.networks.inspect.bind(one.networks);
    let asked = 0;
    one.networks.inspect = async (reference) => {
      if (asked++ === 1) shared.set("ov_net1", network);
      return inspect(reference);
    };
    assert.deepEqual(await overlayNetwork.read(state, task()), state);
  });

  it("finds it gone when no host sees it", async () => {
    const { one, create, task } = world();
    const state = await create();
    await one.networks.remove("ov_net1");
    assert.equal(await overlayNetwork.read(state, task()), undefined);
  });

  it("does not take somebody else's of that name for it, when its id was never learned", async () => {
    const { one, task } = world();
    await one.networks.create({ Name: "ov_net1", Driver: "bridge" });
    assert.equal(await overlayNetwork.read(inputsWith() as OverlayNetworkState, task()), undefined);
  });
});

describe("deleting an OverlayNetwork", () => {
  it("removes it once; again is success", async () => {
    const { one, create, task, mutations } = world();
    const state = await create();
    one.settle();
    await overlayNetwork.delete(state, task());
    await overlayNetwork.delete(state, task());
    assert.deepEqual(mutations(), [`remove network "${state.networkId}"`]);
  });

  it("takes this stack's containers off it first, on every host", async () => {
    const { one, two, create, task } = world();
    const state = await create();
    await containerOn(one, "web1", "lab/dev/web1");
    await containerOn(two, "web2", "lab/dev/web2");
    await overlayNetwork.delete(state, task());
    assert.equal(one.networks.lookUp("ov_net1"), undefined);
    assert.deepEqual((await two.containers.inspect("web2")).NetworkSettings.Networks, {});
  });

  it("names other people's containers on it, with nothing touched", async () => {
    const { one, two, create, task, mutations } = world();
    const state = await create();
    await containerOn(one, "web1", "lab/dev/web1");
    await containerOn(two, "theirs", "lab/prod/theirs");
    await containerOn(two, "nobodys");
    one.settle();
    two.settle();
    await assert.rejects(overlayNetwork.delete(state, task()), {
      message:
        'host 10.77.0.1: the network "ov_net1" cannot be removed: still on it: theirs (host 10.77.0.2), nobodys (host 10.77.0.2)',
      code: "in-use",
      hint: "disconnect or remove them first; this stack did not make them",
    });
    assert.deepEqual(mutations(), []);
  });

  it("waits for an engine that is still cleaning up", async () => {
    const { one, create, task } = world();
    const state = await create();
    const inUse = one.refuse('remove network "ov_net1"', 403, "error while removing network: has active endpoints");
    one.interrupt(/^remove network/, inUse);
    await overlayNetwork.delete(state, task());
    assert.equal(one.networks.lookUp("ov_net1"), undefined);
  });

  it("leaves alone somebody else's of that name", async () => {
    const { one, task } = world();
    await one.networks.create({ Name: "ov_net1", Driver: "bridge" });
    one.settle();
    await overlayNetwork.delete(inputsWith() as OverlayNetworkState, task());
    assert.deepEqual(one.mutations, []);
  });
});
