import assert from "node:assert/strict";
import { HalfDone } from "../../../../provider/halfDone";
import { kvStore } from "../../../../provider/resources/kvStore";
import { halfChanged } from "../../../../provider/resources/kvStore/halfChanged";
import type { KVStoreInputs, KVStoreState } from "../../../../provider/resources/kvStore/inputs";
import { OWNER_LABEL } from "../../../../provider/resources/shared/owned";
import { Deadline } from "../../../../provider/wait";
import { FakeConsul } from "../../../helpers/fakeConsul";
import { FakeDocker } from "../../../helpers/fakeDocker";
import { FakeHost } from "../../../helpers/fakeHost";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";
import { TestClock } from "../../ssh/testClock";

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

function world({ consul = new FakeConsul() as FakeConsul | null, images = ["consul:1.8.7"], listening = "" } = {}) {
  const docker = new FakeDocker({ images, registry: ["consul:1.9.17"] });
  const host = hostOf(consul, listening);
  const { run, said } = fakeRun({ "10.77.0.1": { host, docker } });
  const task = () => fakeTask(run);
  const create = (inputs: KVStoreInputs = inputsWith()) => kvStore.create(inputs, task());
  return { docker, consul, said, task, create };
}

function hostOf(consul: FakeConsul | null, listening = ""): FakeHost {
  return new FakeHost(
    {
      "ip -4 -o addr show": addresses,
      "cat /proc/net/tcp /proc/net/tcp6": listening,
      "cat /proc/meminfo": "MemTotal: 4030504 kB\nMemAvailable:   102400 kB\n",
    },
    "10.77.0.1",
    "root",
    consul ? () => consul.open() : undefined,
  );
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
      hint: "give the server's `address` as the one that engines reach it at",
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

  it("says which port is taken, with nothing touched", async () => {
    const row = (local: string) => `   0: ${local} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1`;
    for (const [local, where] of [
      ["01004D0A:2134", "10.77.0.1:8500"],
      ["00000000000000000000000000000000:206D", "0.0.0.0:8301"],
    ] as const) {
      const { docker, create } = world({ listening: row(local) });
      const port = where.split(":")[1];
      await assert.rejects(create(), {
        message: `host 10.77.0.1: the port ${port} of 10.77.0.1 is taken: something listens on ${where}`,
        hint: `\`ss -ltnp sport = :${port}\` on that host shows what; a store's own port is \`port\``,
      });
      assert.deepEqual(docker.mutations, []);
    }
    await world({ listening: row("0100007F:2134") + row("02004D0A:2134") }).create();
  });

  it("says that there is too little memory for ZooKeeper's Java, with nothing touched", async () => {
    const { docker, create } = world();
    await assert.rejects(create(inputsWith({ kind: "zookeeper" })), {
      message: "host 10.77.0.1: 100 MB of memory are free, and ZooKeeper needs about 160 MB for its Java",
    });
    assert.deepEqual(docker.mutations, []);
  });

  it("gives the servers environment, arguments and labels, and keeps what they need", async () => {
    const { docker, create } = world();
    await create(
      inputsWith({ environment: { B: "2", A: "1" }, extraArguments: ["-log-level=warn"], labels: { team: "a" } }),
    );
    const { Config } = await docker.containers.inspect("consul");
    assert.deepEqual(Config.Env, ["A=1", "B=2"]);
    assert.ok(Config.Cmd?.includes("-log-level=warn"));
    assert.equal(Config.Labels?.team, "a");
    assert.equal((await docker.volumes.inspect("consul-data")).Labels?.team, "a");
  });

  it("says that its image cannot be pulled, with nothing touched", async () => {
    const { docker, task } = world();
    const mine = task();
    await assert.rejects(kvStore.create(inputsWith({ image: "consul:9.9" }), mine), {
      message: 'host 10.77.0.1: pull image "consul:9.9": manifest for consul:9.9 not found',
    });
    assert.equal(mine.touched, false);
    assert.equal(docker.containersById.size + docker.volumesByName.size, 0);
  });

  it("says at its deadline that nobody answers, and is recorded", async () => {
    const { task } = world({ consul: null });
    const mine = task();
    await assert.rejects(kvStore.create(inputsWith(), mine), (error: Error) => {
      assert.match(
        error.message,
        /^timed out after 60 s waiting for the store consul:\/\/10\.77\.0\.1:8500; last seen: host 10\.77\.0\.1: the Consul at 10\.77\.0\.1:8500 could not be asked what it is to its quorum: /,
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
        "timed out after 60 s waiting for the store consul://10.77.0.1:8500; last seen: its container on host 10.77.0.1 is exited after 0 restart(s), its log ends: ==> Multiple private IPv4 addresses found. | ==> Exiting",
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

/** What an adapter records of a verb that fails after it has touched something. */
async function recordedOf(verb: Promise<unknown>): Promise<KVStoreState> {
  const error = await verb.then(
    () => assert.fail("it should have failed"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof HalfDone, String(error));
  return error.state as KVStoreState;
}

describe("updating a KVStore", () => {
  it("that fails on the way is looked at again, also where the program is what it was before, and after a refresh", async () => {
    const { docker, create, task } = world();
    const olds = await create();
    docker.interrupt(/^start/);
    const state = await recordedOf(kvStore.update(olds, inputsWith({ image: "consul:1.9.17" }), task()));
    assert.deepEqual(state.servers, [{ ...olds.servers[0], status: "changing" }]);
    await docker.containers.start("consul");
    const settled = await kvStore.update(state, inputsWith({ image: "consul:1.9.17" }), task());
    for (const before of [state, (await kvStore.read({ ...state, image: "consul:1.9.17" }, task()))!]) {
      assert.deepEqual(kvStore.diff(before, inputsWith()), { changes: true, replaces: [] });
    }
    assert.deepEqual(kvStore.diff(settled, inputsWith({ image: "consul:1.9.17" })), { changes: false, replaces: [] });
  });

  it("that fails on what the server cannot run with is taken back with the program, though the server runs", async () => {
    const consul = new FakeConsul();
    const { docker, create, task } = world({ consul });
    const olds = await create();
    const open = consul.open.bind(consul);
    const isBogus = () => [...docker.containersById.values()].some(({ Config }) => Config.Cmd?.includes("-bogus"));
    consul.open = () => {
      if (isBogus()) throw new Error("Connection refused");
      return open();
    };
    const state = await recordedOf(kvStore.update(olds, inputsWith({ extraArguments: ["-bogus"] }), task()));
    assert.equal((await docker.containers.inspect("consul")).State.Running, true);
    const { servers } = await kvStore.update(state, inputsWith(), task());
    assert.equal(servers[0]?.status, "running");
    assert.equal(isBogus(), false);
  });

  it("that was cut throws away no data that a server it was cut with may have", async () => {
    const { docker, create, task } = world();
    const olds = await create();
    const joining = { ...olds.servers[0]!, host: "10.77.0.2", address: "10.77.0.2", id: 2, status: "joining" };
    const cut = { ...olds, servers: [...olds.servers, joining] };
    await docker.containers.remove("consul", { force: true });
    await docker.volumes.remove("consul-data");
    docker.settle();
    await assert.rejects(kvStore.update(cut, inputsWith(), task()), {
      message:
        'the servers of "consul" that stay (host 10.77.0.1) have lost their data, and those that a change was cut with (host 10.77.0.2) may have it',
    });
    const neverReady = { ...cut, serverStates: [], onFoundData: true };
    await assert.rejects(kvStore.update(neverReady, inputsWith(), task()), {
      message:
        'the store "consul" was made on data that was there, and was never ready: its servers on host 10.77.0.2 cannot leave before it is, since theirs may be the data',
    });
    assert.deepEqual(docker.mutations, []);
  });

  it("that fails records no option that is not given any more, which Pulumi would not know for a secret", () => {
    const olds = { ...inputsWith({ environment: { TOKEN: "secret" } }), serverStates: [] };
    assert.doesNotMatch(JSON.stringify(halfChanged(olds, inputsWith())), /secret/);
  });

  it("that fails before anything is touched leaves its state", async () => {
    const { create, task } = world();
    const olds = await create();
    const update = kvStore.update(olds, inputsWith({ image: "consul:9.9" }), task());
    await assert.rejects(update, (error) => !(error instanceof HalfDone));
  });

  it("that fails records the servers it may have brought in, which are not the store until it is done", () => {
    const server = (host: string, id: number) => ({
      host,
      address: host,
      id,
      url: `consul://${host}:8500`,
      status: "running",
    });
    const [first, second] = [server("10.77.0.1", 1), server("10.77.0.2", 2)];
    const olds = { ...inputsWith(), servers: [first], serverStates: [] };
    const { connections } = inputsWith({ connections: [connectionTo("10.77.0.2")] });
    const recorded = halfChanged(olds, { ...olds, image: "x", servers: [first, second], connections }) as KVStoreState;
    assert.equal(recorded.image, olds.image);
    assert.deepEqual(
      recorded.servers.map(({ host, status }) => `${host} ${status}`),
      ["10.77.0.1 changing", "10.77.0.2 joining"],
    );
    assert.deepEqual(
      recorded.connections.map(({ host }) => host),
      ["10.77.0.2", "10.77.0.1"],
    );
    assert.deepEqual(kvStore.diff(recorded, { ...olds, servers: [second] }).replaces, ["servers"]);
    const statuses = (state: object) => (state as KVStoreState).servers.map(({ status }) => status);
    assert.deepEqual(statuses(halfChanged(recorded, olds)), ["changing", "joining"], "again");
    const both = { ...olds, servers: [first, second] };
    assert.deepEqual(statuses(halfChanged(both, olds)), ["changing", "leaving"]);
    const elsewhere = { ...second, address: "10.88.0.2" };
    assert.deepEqual(statuses(halfChanged(recorded, { ...olds, servers: [first, elsewhere] })), [
      "changing",
      "joining",
      "joining",
    ]);
  });

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
    assert.equal(found?.servers[0]?.status, "stopped");
    docker.settle();
    await kvStore.update(found!, inputsWith(), task());
    assert.equal(docker.mutations.length, 1);
  });
});

describe("a store that is there already", () => {
  const found = {
    url: "consul://10.77.0.1:8500/lab",
    servers: undefined,
    connections: undefined,
    clientConnections: [connectionTo("10.77.0.1")],
  };

  it("is asked, and nothing is made or removed", async () => {
    const { docker, consul, create, task } = world();
    const state = await create(inputsWith(found));
    assert.deepEqual(state.serverStates, []);
    assert.deepEqual([...consul!.keys], []);
    assert.deepEqual(await kvStore.read(state, task()), state);
    consul!.keys.set("lab/docker/network/v1.0/network/n1/", '{"name":"ov_net1"}');
    await kvStore.delete(state, task());
    assert.deepEqual(docker.mutations, []);
  });

  it("is said not to answer where it does not, by host", async () => {
    const { create } = world({ consul: null });
    await assert.rejects(create(inputsWith(found)), (error: Error) => {
      assert.match(
        error.message,
        /^timed out after 30 s waiting for the store consul:\/\/10\.77\.0\.1:8500\/lab as seen from host 10\.77\.0\.1; last seen: host 10\.77\.0\.1: the Consul at 10\.77\.0\.1:8500 could not be asked who leads it: /,
      );
      return true;
    });
  });

  it("is found not to answer by a refresh", async () => {
    const working = world();
    const state = await working.create(inputsWith(found));
    const { task } = world({ consul: null });
    assert.equal((await kvStore.read(state, task()))?.answers, false);
  });
});

describe("a KVStore of the first version", () => {
  const old = async (running: boolean) => {
    const it = world();
    const { servers, clientConnections, ...others } = await it.create();
    const state = { ...others, servers: [{ host: "10.77.0.1", address: "10.77.0.1" }], running };
    return { ...it, state: state as unknown as KVStoreState };
  };

  it("is read, updated and deleted", async () => {
    const { docker, state, task } = await old(true);
    assert.equal((await kvStore.read(state, task()))?.servers[0]?.status, "running");
    docker.settle();
    const updated = await kvStore.update(state, inputsWith({ image: "consul:1.9.17" }), task());
    assert.equal(updated.servers[0]?.id, 1);
    assert.equal((await docker.containers.inspect("consul")).Config.Image, "consul:1.9.17");
    await kvStore.delete(state, task());
    assert.equal(docker.containersById.size, 0);
    assert.equal(docker.volumesByName.size, 0);
  });
});

describe("reading a KVStore", () => {
  it("finds no difference where there is none", async () => {
    const { create, task } = world();
    const state = await create();
    assert.deepEqual(await kvStore.read(state, task()), state);
  });

  it("finds a server that runs another image than recorded, and an update makes it anew", async () => {
    const { docker, create, task } = world();
    const olds = await create();
    await kvStore.update(olds, inputsWith({ image: "consul:1.9.17" }), task());
    const found = await kvStore.read(olds, task());
    assert.equal(found?.image, "consul:1.9.17");
    assert.equal(found?.servers[0]?.status, "runs consul:1.9.17");
    assert.deepEqual(kvStore.diff(found!, inputsWith()), { changes: true, replaces: [] });
    await kvStore.update(found!, inputsWith(), task());
    assert.equal((await docker.containers.inspect("consul")).Config.Image, "consul:1.8.7");
  });

  it("finds a store that does not run where only its data is left, and none where that is gone too", async () => {
    const { docker, create, task } = world();
    const state = await create();
    await docker.containers.remove("consul", { force: true });
    assert.equal((await kvStore.read(state, task()))?.servers[0]?.status, "its container is gone");
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
  it("that was never ready, on data that was there before it, asks for the networks in that", async () => {
    const first = world();
    await kvStore.delete({ ...(await first.create()), keepDataOnDelete: true }, first.task());
    assert.equal(first.docker.volumesByName.size, 1);
    first.docker.interrupt(/^start/);
    const state = await recordedOf(first.create());
    assert.equal(state.onFoundData, true);
    first.consul!.keys.set("docker/network/v1.0/network/n1/", '{"name":"ov_net1"}');
    await assert.rejects(kvStore.delete(state, first.task()), { code: "in-use", message: /: ov_net1$/ });
    assert.equal(first.docker.volumesByName.size, 1);
    assert.equal((await kvStore.update(state, inputsWith(), first.task())).onFoundData, undefined);
  });

  it("that was never ready, on a volume of its own making, removes that", async () => {
    const { docker, create, task } = world({ consul: null });
    const state = await recordedOf(create());
    await kvStore.delete(state, task());
    assert.equal(docker.volumesByName.size, 0);
  });

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

  it("refuses while networks are in it, naming them", async () => {
    const { docker, consul, create, task } = world();
    const state = await create();
    consul!.keys.set("docker/network/v1.0/network/n1/", '{"addrSpace":"GlobalDefault","name":"ov_net1","id":"n1"}');
    consul!.keys.set("docker/network/v1.0/network/n2/", '{"name":"ov_net2"}');
    docker.settle();
    await assert.rejects(kvStore.delete(state, task()), {
      code: "in-use",
      message: 'the store "consul" still has networks in it, which would be lost: ov_net1, ov_net2',
      hint: "remove them first, or say `forceDestroy: true` in an `up` before this, or CROSSHOST_FORCE_DESTROY=1 in the environment: engines forget them then, and containers on them lose their connection",
    });
    assert.deepEqual(docker.mutations, []);
    await kvStore.delete({ ...state, forceDestroy: true }, task());
    assert.equal(docker.volumesByName.size, 0);
  });

  it("is told by the environment, too, to go with the networks in it", async () => {
    const { docker, consul, create, task } = world();
    const state = await create();
    consul!.keys.set("docker/network/v1.0/network/n1/", "{}");
    process.env.CROSSHOST_FORCE_DESTROY = "1";
    try {
      await kvStore.delete(state, task());
    } finally {
      delete process.env.CROSSHOST_FORCE_DESTROY;
    }
    assert.equal(docker.volumesByName.size, 0);
  });

  it("waits for networks that are about to be gone", async () => {
    const { docker, consul, create } = world();
    const state = await create();
    consul!.keys.set("docker/network/v1.0/network/n1/", "{}");
    const { run } = fakeRun({ "10.77.0.1": { docker, host: hostOf(consul) } });
    const clock = new TestClock();
    const task = { ...fakeTask(run), deadline: new Deadline(60_000, clock) };
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (milliseconds) => {
      consul!.keys.clear();
      await sleep(milliseconds);
    };
    await kvStore.delete(state, task);
    assert.equal(docker.volumesByName.size, 0);
  });

  it("refuses where it cannot be asked, but not where it was never ready", async () => {
    const { docker, create } = world();
    const { serverStates, ...half } = await create();
    const { run } = fakeRun({ "10.77.0.1": { docker, host: hostOf(null) } });
    await assert.rejects(kvStore.delete({ ...half, serverStates }, fakeTask(run)), (error: Error) => {
      assert.match(
        error.message,
        /^the store "consul" cannot be asked whether networks are in it, so it is not deleted: /,
      );
      return true;
    });
    await kvStore.delete(half as KVStoreState, fakeTask(run));
    assert.equal(docker.volumesByName.size, 0);
  });

  it("keeps the data where told to, networks and all, and finds it again", async () => {
    const { docker, consul, create, task } = world();
    const state = await create(inputsWith({ keepDataOnDelete: true }));
    consul!.keys.set("docker/network/v1.0/network/n1/", "{}");
    await kvStore.delete(state, task());
    assert.deepEqual([...docker.volumesByName.keys()], ["consul-data"]);
    docker.settle();
    await create();
    assert.ok(!docker.mutations.includes('create volume "consul-data"'));
  });
});
