import assert from "node:assert/strict";
import { kvStore } from "../../../../provider/resources/kvStore";
import type { KVStoreInputs, KVStoreState } from "../../../../provider/resources/kvStore/inputs";
import { OWNER_LABEL } from "../../../../provider/resources/shared/owned";
import { FakeConsul } from "../../../helpers/fakeConsul";
import { FakeDocker } from "../../../helpers/fakeDocker";
import { FakeHost } from "../../../helpers/fakeHost";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";

const news = {
  owner: "lab/dev/consul",
  name: "consul",
  kind: "consul",
  servers: [{ bindInterface: "eth0" }],
  connections: [connectionTo("10.77.0.1")],
};
const inputsWith = (changed: object = {}) => checked(kvStore, { ...news, ...changed });

const addresses = `1: lo    inet 127.0.0.1/8 scope host lo
2: eth0    inet 10.77.0.1/24 brd 10.77.0.255 scope global eth0
3: eth1    inet 10.88.0.1/24 brd 10.88.0.255 scope global eth1
`;

function world({ consul = new FakeConsul() as FakeConsul | null, images = ["consul:1.8.7"] } = {}) {
  const docker = new FakeDocker({ images, registry: ["consul:1.9.17"] });
  const host = new FakeHost(
    { "ip -4 -o addr show": addresses },
    "10.77.0.1",
    "root",
    consul ? () => consul.open() : undefined,
  );
  const { run, said } = fakeRun({ "10.77.0.1": { host, docker } });
  const task = () => fakeTask(run);
  const create = (inputs: KVStoreInputs = inputsWith()) => kvStore.create(inputs, task());
  return { docker, consul, said, task, create };
}

describe("creating a KVStore", () => {
  it("makes a persistent server on a volume, on the host's network, and says when it has a leader", async () => {
    const { docker, consul, create, said } = world();
    const state = await create();
    const server = await docker.containers.inspect("consul");
    assert.equal(server.State.Running, true);
    assert.equal(server.Config.Hostname, "consul");
    assert.ok(server.Config.Cmd?.includes("-bind=10.77.0.1"));
    assert.ok(!server.Config.Cmd?.includes("-dev"));
    assert.deepEqual(server.HostConfig, {
      NetworkMode: "host",
      RestartPolicy: { Name: "always" },
      Binds: ["consul-data:/consul/data"],
    });
    assert.equal((await docker.volumes.inspect("consul-data")).Labels?.[OWNER_LABEL], "lab/dev/consul");
    assert.deepEqual(state.serverStates, [{ address: "10.77.0.1", role: "leader", containerId: server.Id }]);
    assert.deepEqual(said, ["10.77.0.1: waiting for consul://10.77.0.1:8500 to have a leader"]);
    assert.deepEqual([...consul!.keys], [], "the probe key is gone again");
  });

  it("waits until a leader is elected", async () => {
    const consul = new FakeConsul();
    consul.electionTakes = 5;
    await world({ consul }).create();
    assert.ok(consul.electionTakes <= 0);
  });

  it("again touches nothing", async () => {
    const { docker, create } = world();
    const first = await create();
    docker.settle();
    assert.deepEqual(await create(), first);
    assert.deepEqual(docker.mutations, []);
  });

  for (const call of [/^create volume/, /^create container/, /^start/]) {
    it(`finishes what an interrupted run left before its "${call.source.slice(1)}"`, async () => {
      const { docker, create } = world();
      docker.interrupt(call);
      await assert.rejects(create(), { message: "interrupted" });
      const { serverStates } = await create();
      assert.equal(serverStates.length, 1);
      assert.equal((await docker.containers.inspect("consul")).State.Running, true);
    });
  }

  it("refuses somebody else's container and volume, and leaves them as they are", async () => {
    const container = world();
    await container.docker.containers.create("consul", { Image: "consul:1.8.7" });
    await assert.rejects(container.create(), {
      message: 'host 10.77.0.1: the container "consul" exists already and was not made by this program',
    });
    const volume = world();
    await volume.docker.volumes.create({ Name: "consul-data", Labels: { [OWNER_LABEL]: "lab/prod/consul" } });
    volume.docker.settle();
    const mine = volume.task();
    await assert.rejects(kvStore.create(inputsWith(), mine), {
      message: 'host 10.77.0.1: the volume "consul-data" exists already and belongs to lab/prod/consul',
    });
    assert.deepEqual(volume.docker.mutations, []);
    assert.equal(mine.touched, false);
  });

  it("says which addresses there are where the server's is not one of them", async () => {
    const { create, docker } = world();
    await assert.rejects(create(inputsWith({ servers: [{ bindInterface: "eth1" }] })), {
      message: "host 10.77.0.1: a server of the store is to listen on 10.77.0.1, but its interface eth1 has 10.88.0.1",
      hint: "give `servers[0].address` as the address that engines reach it at",
    });
    await assert.rejects(create(inputsWith({ servers: [{ bindInterface: "eth7" }] })), {
      message:
        "host 10.77.0.1: a server of the store is to listen on 10.77.0.1, but its interface eth7 has no IPv4 address",
    });
    await assert.rejects(create(inputsWith({ servers: [{ address: "10.99.0.1" }] })), {
      message:
        "host 10.77.0.1: a server of the store is to listen on 10.99.0.1, but it has 127.0.0.1, 10.77.0.1, 10.88.0.1",
    });
    assert.deepEqual(docker.mutations, []);
  });

  it("says at its deadline that nobody answers, and is recorded", async () => {
    const { task } = world({ consul: null });
    const mine = task();
    await assert.rejects(kvStore.create(inputsWith(), mine), (error: Error) => {
      assert.match(
        error.message,
        /^timed out after 60 s waiting for the store consul:\/\/10\.77\.0\.1:8500; last seen: host 10\.77\.0\.1: the Consul at 10\.77\.0\.1:8500 could not be asked who leads it: /,
      );
      return true;
    });
    assert.equal(mine.touched, true);
  });

  it("says the last words of a server that does not stay up", async () => {
    const { docker, create } = world({ consul: null });
    docker.shortLived.set("consul:1.8.7", "==> Multiple private IPv4 addresses found.\n==> Exiting\n");
    await assert.rejects(create(), {
      message:
        "timed out after 60 s waiting for the store consul://10.77.0.1:8500; last seen: its container is exited after 0 restart(s), its log ends: ==> Multiple private IPv4 addresses found. | ==> Exiting",
    });
  });

  it("is recorded when it fails on what an earlier run left", async () => {
    const { docker, create, task } = world();
    await create();
    await docker.containers.stop("consul");
    docker.interrupt(/^start/);
    const mine = task();
    await assert.rejects(kvStore.create(inputsWith(), mine));
    assert.equal(mine.touched, true);
  });
});

describe("updating a KVStore", () => {
  it("makes the container anew for a new image, on the data that is there", async () => {
    const { docker, create, task, said } = world();
    const olds = await create();
    docker.settle();
    const state = await kvStore.update(olds, inputsWith({ image: "consul:1.9.17" }), task());
    const [old] = olds.serverStates;
    const calls = docker.mutations.map((call) => call.replaceAll(/[0-9a-f]{64}/g, "…"));
    assert.deepEqual(calls, [
      'pull image "consul:1.9.17"',
      'stop container "…"',
      'remove container "…"',
      'create container "consul"',
      'start container "…"',
    ]);
    assert.notEqual(state.serverStates[0]?.containerId, old?.containerId);
    assert.equal(said[1], "10.77.0.1: pulling consul:1.9.17");
  });

  it("touches nothing for a new credential", async () => {
    const { docker, create, task } = world();
    const olds = await create();
    docker.settle();
    await kvStore.update(olds, inputsWith({ connections: [connectionTo("10.77.0.1", { password: "x" })] }), task());
    assert.deepEqual(docker.mutations, []);
  });

  it("starts a server that was found stopped", async () => {
    const { docker, create, task } = world();
    const olds = await create();
    await docker.containers.stop("consul");
    const found = await kvStore.read(olds, task());
    assert.equal(found?.running, false);
    docker.settle();
    await kvStore.update(found!, inputsWith(), task());
    assert.equal(docker.mutations.length, 1);
  });
});

describe("reading a KVStore", () => {
  it("finds no difference where there is none", async () => {
    const { create, task } = world();
    const state = await create();
    assert.deepEqual(await kvStore.read(state, task()), state);
  });

  it("finds a store that does not run where only its data is left, and none where that is gone too", async () => {
    const { docker, create, task } = world();
    const state = await create();
    await docker.containers.remove("consul", { force: true });
    assert.equal((await kvStore.read(state, task()))?.running, false);
    await docker.volumes.remove("consul-data");
    assert.equal(await kvStore.read(state, task()), undefined);
  });

  it("does not take somebody else's volume of that name for its data", async () => {
    const { docker, task } = world();
    await docker.volumes.create({ Name: "consul-data" });
    assert.equal(await kvStore.read(inputsWith() as KVStoreState, task()), undefined);
  });
});

describe("deleting a KVStore", () => {
  it("removes the server and its data; again is success", async () => {
    const { docker, create, task } = world();
    const state = await create();
    await kvStore.delete(state, task());
    assert.equal(docker.containersById.size, 0);
    assert.equal(docker.volumesByName.size, 0);
    docker.settle();
    await kvStore.delete(state, task());
    assert.deepEqual(docker.mutations, []);
  });

  it("leaves alone somebody else's container and volume of those names", async () => {
    const { docker, task } = world();
    await docker.containers.create("consul", { Image: "consul:1.8.7" });
    await docker.volumes.create({ Name: "consul-data" });
    docker.settle();
    await kvStore.delete(inputsWith() as KVStoreState, task());
    assert.deepEqual(docker.mutations, []);
  });
});
