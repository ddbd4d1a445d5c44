import assert from "node:assert/strict";
import { CrosshostError } from "../../../../provider/errors";
import { overlayNetwork } from "../../../../provider/resources/overlayNetwork";
import type { OverlayNetworkInputs, OverlayNetworkState } from "../../../../provider/resources/overlayNetwork/inputs";
import { OWNER_LABEL, ownershipLabels } from "../../../../provider/resources/shared/owned";
import { FakeConsul } from "../../../helpers/fakeConsul";
import { FakeDocker, type SharedNetworks } from "../../../helpers/fakeDocker";
import { FakeHost } from "../../../helpers/fakeHost";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";
import { plainDockerService } from "../../../helpers/memberHost";

/** As a host of the lab says it: its LAN, Docker's bridge, and the way to everything else. */
const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\tFE004D0A\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t00004D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
`;

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
  const away = new Set<string>();
  const info = { ClusterStore: "consul://10.77.0.1:8500" };
  const one = new FakeDocker({ address: "10.77.0.1", info, shared });
  const two = new FakeDocker({ address: "10.77.0.2", info, shared: second });
  const consul = new FakeConsul();
  const hostOf = (address: string) =>
    new FakeHost({ ...plainDockerService, "cat /proc/net/route": routes }, address, "root", () => consul.open());
  const { run, said } = fakeRun({
    "10.77.0.1": { docker: one, host: hostOf("10.77.0.1") },
    "10.77.0.2": { docker: two, host: hostOf("10.77.0.2") },
  });
  const reach = run.host.bind(run);
  run.host = async (connection, deadline) => {
    if (!away.has(connection.host)) return reach(connection, deadline);
    throw new CrosshostError(`host ${connection.host}: cannot connect to port 22: no answer`, { code: "timed-out" });
  };
  const task = () => fakeTask(run);
  const create = (inputs: OverlayNetworkInputs = inputsWith()) => overlayNetwork.create(inputs, task());
  const mutations = () => [...one.mutations, ...two.mutations];
  return { one, two, consul, away, said, task, create, mutations };
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

  it("connects this stack's containers again where it is made anew, also after a run that was killed in between", async () => {
    const { one, said, create, task } = world();
    await create(inputsWith({ labels: {} }));
    await containerOn(one, "web", "lab/dev/web");
    const networkOf = async () => (await one.containers.inspect("web")).NetworkSettings.Networks.ov_net1?.NetworkID;
    one.interrupt(/^connect/);
    await assert.rejects(create(), { message: "interrupted" });
    assert.equal(await networkOf(), undefined);
    const { networkId } = await create();
    assert.equal(await networkOf(), networkId);
    const anew =
      '10.77.0.1: making the network "ov_net1" anew, which was made from other settings, and connecting web again';
    assert.deepEqual(said, [anew, '10.77.0.1: connecting web to the network "ov_net1" again']);
    assert.deepEqual([...one.volumesByName], []);
    // What was noted by a run that was killed is not kept beyond the network.
    one.interrupt(/^connect/);
    await assert.rejects(create(inputsWith({ labels: {} })), { message: "interrupted" });
    const again = { ...inputsWith({ labels: {} }), networkId: "", scope: "global" };
    await overlayNetwork.delete(again, task());
    assert.deepEqual([...one.volumesByName], []);
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

describe("an OverlayNetwork's subnet", () => {
  const cases = { "10.77.0.128/25": "10.77.0.0/24 (eth0)", "172.16.0.0/12": "172.17.0.0/16 (docker0)" };
  for (const [subnet, route] of Object.entries(cases)) {
    it(`is refused where it takes a host's way to ${route}, before anything is made`, async () => {
      const { task, mutations } = world();
      const mine = task();
      await assert.rejects(overlayNetwork.create(inputsWith({ ipamConfigs: [{ subnet }] }), mine), {
        message: new RegExp(
          `^host 10\\.77\\.0\\.[12]: the subnet ${subnet} of the network "ov_net1" overlaps its route to ${route.replace(/[()]/g, "\\$&")}$`,
        ),
      });
      assert.deepEqual([mutations(), mine.touched], [[], false]);
    });
  }
});

describe("a member that does not answer", () => {
  const line = "10.77.0.1: not reached (cannot connect to port 22: no answer): it sees the network once it is back";

  it("does not keep the others from making the network", async () => {
    const { two, away, said, create } = world();
    away.add("10.77.0.1");
    const { hosts, networkId } = await create();
    assert.deepEqual(hosts, ["10.77.0.1", "10.77.0.2"]);
    assert.deepEqual(two.mutations, ['create network "ov_net1"']);
    assert.equal((await two.networks.inspect("ov_net1")).Id, networkId);
    assert.deepEqual(said, [line]);
  });

  it("does not keep the others from saying what is there, nor from removing it", async () => {
    const { two, away, task, create, mutations } = world();
    const state = await create();
    away.add("10.77.0.1");
    assert.deepEqual(await overlayNetwork.read(state, task()), state);
    await overlayNetwork.delete(state, task());
    assert.equal(two.networks.lookUp("ov_net1"), undefined);
    assert.equal(mutations().at(-1), `remove network "${state.networkId}"`);
  });

  it("blocks a removal where the store has an endpoint of it, unless it is to be skipped", async () => {
    const { one, two, away, said, task, create } = world();
    const state = await create();
    await containerOn(one, "web1", "lab/dev/web1");
    away.add("10.77.0.1");
    await assert.rejects(overlayNetwork.delete(state, task()), {
      code: "in-use",
      message: 'host 10.77.0.2: the network "ov_net1" cannot be removed: still on it: web1 (not reached: 10.77.0.1)',
      hint: "remove them first; of hosts that are gone for good, skipUnreachableHosts lets go",
    });
    await overlayNetwork.delete({ ...state, skipUnreachableHosts: true }, task());
    assert.equal(two.networks.lookUp("ov_net1"), undefined);
    assert.ok(said.includes('10.77.0.2: taking web1 off the network "ov_net1", which none of the reached hosts runs'));
  });

  it("is a failure when no other does either", async () => {
    const { away, task, create } = world();
    const state = await create();
    for (const host of state.hosts) away.add(host);
    const noAnswer = { message: "host 10.77.0.1: cannot connect to port 22: no answer" };
    await assert.rejects(overlayNetwork.create(inputsWith(), task()), noAnswer);
    await assert.rejects(overlayNetwork.read(state, task()), noAnswer);
    await assert.rejects(overlayNetwork.delete(state, task()), noAnswer);
  });
});

describe("adopting an OverlayNetwork", () => {
  const theirs = {
    Name: "ov_net1",
    Driver: "overlay",
    IPAM: { Config: [{ Subnet: "10.200.0.0/24", Gateway: "10.200.0.1" }] },
    Options: { "com.docker.network.driver.mtu": "1400" },
    Labels: { a: "b", c: "d" },
  };

  it("takes over one that is the same, touches nothing, and removes it in the end", async () => {
    const { one, create, task, mutations } = world();
    const { Id } = await one.networks.create(theirs);
    one.settle();
    const state = await create(inputsWith({ adopt: true }));
    assert.deepEqual([state.networkId, state.adoptedIds], [Id, [Id]]);
    assert.deepEqual(await overlayNetwork.read(state, task()), state);
    assert.deepEqual(await overlayNetwork.update(state, inputsWith(), task()), { ...state, adopt: false });
    assert.deepEqual(mutations(), []);
    await overlayNetwork.delete(state, task());
    assert.equal(one.networks.lookUp("ov_net1"), undefined);
  });

  it("lists every difference of one that is another, and leaves it", async () => {
    const { one, create, mutations } = world();
    await one.networks.create({
      ...{ ...theirs, Options: {}, Labels: {} },
      IPAM: { Config: [{ Subnet: "10.201.0.0/24" }] },
    });
    one.settle();
    await assert.rejects(create(inputsWith({ adopt: true })), {
      code: "foreign",
      message:
        'host 10.77.0.1: the network "ov_net1" cannot be taken over, since it is another: `ipamConfigs[0]` is {"subnet":"10.201.0.0/24"} there and {"subnet":"10.200.0.0/24","gateway":"10.200.0.1"} here; `options["com.docker.network.driver.mtu"]` is not given there and "1400" here; `labels["a"]` is not given there and "b" here',
    });
    assert.deepEqual(mutations(), []);
  });

  it("is named as the way where it was not asked for", async () => {
    const { one, create } = world();
    await one.networks.create(theirs);
    await assert.rejects(create(), {
      message: 'host 10.77.0.1: the network "ov_net1" exists already and was not made by this program',
      hint: "remove it, take it over with `adopt: true`, or give this resource another `name`",
    });
  });
});

describe("an endpoint that no host has", () => {
  async function stale(register: (consul: FakeConsul) => void, locator = "10.77.0.2") {
    const made = world();
    const state = await made.create();
    for (const [docker, address] of [
      [made.one, "10.77.0.1:2376"],
      [made.two, "10.77.0.2:2376"],
    ] as const) {
      docker.info.ClusterAdvertise = address;
      made.consul.keys.set(`docker/nodes/${address}`, address);
    }
    register(made.consul);
    await containerOn(made.two, "web2", "lab/dev/web2");
    const { networkId } = state;
    const { EndpointID } = Object.values((await made.two.networks.inspect(networkId)).Containers!)[0]!;
    const key = `docker/network/v1.0/endpoint/${networkId}/${EndpointID}/`;
    made.consul.keys.set(key, JSON.stringify({ id: EndpointID, locator, name: "web2" }));
    const container = made.two.containersById.get([...made.two.containersById.keys()][0]!)!;
    made.two.containersById.clear();
    return { ...made, state, container };
  }

  it("is taken off when the engine that made it was asked, by another one", async () => {
    const { one, two, said, task, state } = await stale(() => {});
    await overlayNetwork.delete(state, task());
    assert.equal(one.networks.lookUp("ov_net1"), undefined);
    assert.ok(said.includes('10.77.0.1: taking web2 off the network "ov_net1", which none of the reached hosts runs'));
    assert.ok(one.mutations.some((call) => call.startsWith('disconnect container "web2"')));
    assert.deepEqual(two.mutations, [
      'create container "web2"',
      `start container "${two.mutations[1]!.split('"')[1]}"`,
    ]);
  });

  it("blocks when the engine that made it is not registered any more, until what is gone is to be let go", async () => {
    const { one, task, state } = await stale(() => {}, "10.77.0.9");
    await assert.rejects(overlayNetwork.delete(state, task()), {
      message:
        'host 10.77.0.1: the network "ov_net1" cannot be removed: still on it: web2 (it is of the engine at 10.77.0.9, which was not asked)',
      hint: "remove them first; of hosts that are gone for good, skipUnreachableHosts lets go",
    });
    await overlayNetwork.delete({ ...state, skipUnreachableHosts: true }, task());
    assert.equal(one.networks.lookUp("ov_net1"), undefined);
  });

  it("is none where its container is just starting, and its engine does not show that yet", async () => {
    const { two, task, state, container } = await stale(() => {});
    const deleted = overlayNetwork.delete(state, task());
    two.containersById.set(container.Id, container);
    await deleted;
    assert.ok(
      two.mutations.some((call) => call.startsWith(`disconnect container "${container.Id}"`)),
      "ours, detached",
    );
  });

  it("blocks when the engine that made it is registered, and was not asked", async () => {
    const { task, state } = await stale(({ keys }) => keys.set("docker/nodes/10.77.0.9:2376", "x"), "10.77.0.9");
    await assert.rejects(overlayNetwork.delete(state, task()), {
      message:
        'host 10.77.0.1: the network "ov_net1" cannot be removed: still on it: web2 (on one of the engines outside of `connections`: 10.77.0.9:2376)',
    });
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

  it("again makes no second one while an engine has lost sight of it", async () => {
    const shared: SharedNetworks = new Map();
    const { one, consul, task, create, mutations } = world(shared);
    const state = await create();
    consul.keys.set(`docker/network/v1.0/network/${state.networkId}/`, "{}");
    const inspect = one.networks.inspect.bind(one.networks);
    let asked = 0;
    one.networks.inspect = async (reference) => {
      if (asked++ === 0) throw one.refuse(`inspect network "${reference}"`, 404, `network ${reference} not found`);
      return inspect(reference);
    };
    assert.equal((await overlayNetwork.update(state, inputsWith(), task())).networkId, state.networkId);
    assert.deepEqual(mutations(), ['create network "ov_net1"']);
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

  /** The store counts one endpoint more than there is, and the engine goes by that. */
  async function miscounted() {
    const made = world();
    const { one, consul, create, said } = made;
    const state = await create();
    const key = `docker/network/v1.0/endpoint_count/${state.networkId}/`;
    consul.keys.set(key, '{"Count":1}');
    const remove = one.networks.remove.bind(one.networks);
    const count = consul.keys.get.bind(consul.keys);
    one.networks.remove = async (id) => {
      if (count(key) === '{"Count":0}') return await remove(id);
      throw one.refuse('remove network "ov_net1"', 403, "error while removing network: has active endpoints");
    };
    return { ...made, state, key, healed: () => said.filter((line) => line.includes("healing")) };
  }

  it("corrects the store's count of endpoints where it has none, and says so", async () => {
    const { one, state, task, healed } = await miscounted();
    await overlayNetwork.delete(state, task());
    assert.equal(one.networks.lookUp("ov_net1"), undefined);
    assert.deepEqual(healed(), [
      '10.77.0.1: healing "ov_net1": the store counts endpoints on it and has none; correcting the count',
    ]);
    await overlayNetwork.delete(state, task());
    assert.equal(healed().length, 1);
  });

  it("does not touch the count where the store has endpoints, or cannot be asked", async () => {
    const { consul, state, key, task, healed } = await miscounted();
    const inUse = /waiting for the network "ov_net1" to have no endpoints; last seen: .*has active endpoints$/;
    consul.keys.set(`docker/network/v1.0/endpoint/${state.networkId}/e1/`, "{}");
    await assert.rejects(overlayNetwork.delete(state, task()), { message: inUse });
    consul.keys.delete(`docker/network/v1.0/endpoint/${state.networkId}/e1/`);
    consul.open = () => {
      throw new Error("no route to host");
    };
    await assert.rejects(overlayNetwork.delete(state, task()), { message: inUse });
    assert.deepEqual([consul.keys.get(key), healed()], ['{"Count":1}', []]);
  });

  it("does not touch the count where somebody has counted on", async () => {
    const { consul, state, key, task } = await miscounted();
    const { keys } = consul;
    const get = keys.get.bind(keys);
    let reads = 0;
    // Between the first reading and the change.
    keys.get = (name) => {
      if (name === key && ++reads === 2) keys.set(key, '{"Count":2}');
      return get(name);
    };
    await assert.rejects(overlayNetwork.delete(state, task()), /has active endpoints/);
    assert.equal(get(key), '{"Count":2}');
  });

  it("leaves alone somebody else's of that name", async () => {
    const { one, task } = world();
    await one.networks.create({ Name: "ov_net1", Driver: "bridge" });
    one.settle();
    await overlayNetwork.delete(inputsWith() as OverlayNetworkState, task());
    assert.deepEqual(one.mutations, []);
  });
});
