import assert from "node:assert/strict";
import { refusal } from "../../../../provider/docker/errors";
import { despiteStrayThreads } from "../../../../provider/docker/strayThread";
import type { HalfDone } from "../../../../provider/halfDone";
import { container } from "../../../../provider/resources/container";
import type { ContainerInputs, ContainerState } from "../../../../provider/resources/container/inputs";
import { OWNER_LABEL } from "../../../../provider/resources/shared/owned";
import { FakeDocker } from "../../../helpers/fakeDocker";
import { FakeHost } from "../../../helpers/fakeHost";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";

const news = {
  owner: "lab/dev/web1",
  connection: connectionTo("10.77.0.1"),
  name: "web1",
  image: "busybox:1.35",
  command: ["httpd", "-f"],
  envs: ["A=1"],
  labels: { tier: "front" },
  networksAdvanced: [{ name: "ov", aliases: ["web"] }, { name: "lan" }],
};
const inputsWith = (changed: object = {}) => checked(container, { ...news, ...changed });

/** As the kernel shows them: one network of 10.9.0.0/24, and a default route. */
const ROUTES =
  "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" +
  "eth0\t00000000\t0100090A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n" +
  "eth0\t0000090A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";

async function world(options = {}) {
  const docker = new FakeDocker(options);
  for (const Name of ["ov", "lan"]) {
    await docker.networks.create({ Name, Driver: "macvlan", IPAM: { Config: [{ Subnet: "10.9.0.0/24" }] } });
  }
  const host = new FakeHost({ "cat /proc/1000/net/route": ROUTES, "sh -c \nexport LC_ALL=C": "link=eth0\n" });
  const { run, said } = fakeRun({ "10.77.0.1": { host, docker } });
  docker.settle();
  const task = () => fakeTask(run);
  const create = (inputs: ContainerInputs = inputsWith()) => container.create(inputs, task());
  return { docker, said, task, create };
}

describe("creating a Container", () => {
  it("makes, connects and starts it, and says what it has in the words of the network model", async () => {
    const { create, docker } = await world();
    const state = await create();
    const made = await docker.containers.inspect("web1");
    assert.deepEqual(made.Config, {
      Image: "busybox:1.35",
      Cmd: ["httpd", "-f"],
      Env: ["A=1"],
      Labels: { ...made.Config.Labels, tier: "front", [OWNER_LABEL]: "lab/dev/web1" },
    });
    assert.equal(made.State.Running, true);
    assert.equal(state.containerId, made.Id);
    assert.equal(state.sandbox.id, made.NetworkSettings.SandboxID);
    assert.deepEqual(
      state.endpoints.map(({ network }) => network),
      ["lan", "ov"],
    );
    assert.deepEqual(
      state.networkDatas.map(({ networkName, ipAddress, ipPrefixLength }) => [
        networkName,
        ipPrefixLength,
        /^10\.9\.0\.\d+$/.test(ipAddress),
      ]),
      [
        ["lan", 24, true],
        ["ov", 24, true],
      ],
    );
  });

  it("says of each endpoint which interface it is inside, and on which host", async () => {
    const { create } = await world();
    const { endpoints, state, apiVersion } = await create(inputsWith({ networksAdvanced: [{ name: "ov" }] }));
    assert.equal(state, "running");
    assert.equal(apiVersion, "1.41");
    assert.deepEqual(
      endpoints.map(({ network, interface: inside, host }) => ({ network, inside, host })),
      [{ network: "ov", inside: "eth0", host: "10.77.0.1" }],
    );
  });

  it("makes it on the network for which a MAC address is given, the only one that an older engine knows", async () => {
    const { create, docker, task } = await world();
    const networksAdvanced = [{ name: "ov" }, { name: "lan", macAddress: "02:00:00:00:00:07" }];
    await create(inputsWith({ networksAdvanced }));
    const { HostConfig, Config } = await docker.containers.inspect("web1");
    assert.equal(HostConfig.NetworkMode, "lan");
    assert.equal((Config as { MacAddress?: string }).MacAddress, "02:00:00:00:00:07");
    const both = networksAdvanced.map((each) => ({ macAddress: "02:00:00:00:00:08", gwPriority: 1, ...each }));
    const mine = task();
    await assert.rejects(container.create(inputsWith({ networksAdvanced: both }), mine), {
      message:
        "host 10.77.0.1: `networksAdvanced[0].gwPriority` needs Docker 28, `networksAdvanced[1].gwPriority` needs Docker 28, " +
        "`networksAdvanced[1].macAddress` needs Docker 25; its engine speaks API 1.41",
      code: "unsupported",
    });
    assert.equal(mine.touched, false);
  });

  it("is done anew where the engine has lost the network half way, and tripped over what it had made", async () => {
    const { create, docker } = await world();
    const refused = (what: string) => refusal("10.77.0.1", 'start container "web1"', 403, what);
    const left = refused("endpoint with name web1 already exists in network ov");
    const answers = [refused("dial tcp 10.77.0.1:8500: connect: network is unreachable"), left];
    await assert.rejects(
      despiteStrayThreads("start", () => Promise.reject(answers.shift()), { stir: async () => undefined }),
    );
    // Once more the same, and then it gets through.
    docker.interrupt(/^start/, left);
    docker.interrupt(/^start/, left);
    await create();
    const calls = docker.mutations.map((call) => call.replace(/"[0-9a-f]{64}"/, '"ID"'));
    const made = ['create container "web1"', 'connect container "ID" to network "lan"'];
    const cleared = 'remove container "web1"';
    assert.deepEqual(calls, [...made, cleared, ...made, cleared, ...made, 'start container "web1"']);
  });

  const exists = refusal("10.77.0.1", "start", 403, "endpoint with name web1 already exists in network ov");

  it("is started again where the endpoint in its way was not to be seen, and is gone by then", async () => {
    const { create, docker } = await world();
    docker.interrupt(/^start/, exists);
    assert.equal((await create()).state, "running");
    assert.ok(!docker.mutations.some((call) => /^(remove|disconnect)/.test(call)));
  });

  it("fails where the endpoint is of somebody else, and takes nothing away", async () => {
    const { create, docker } = await world();
    docker.interrupt(/^start/, exists);
    docker.interrupt(/^start/, exists);
    await assert.rejects(create(), /already exists in network ov/);
    assert.ok(!docker.mutations.some((call) => /^(remove|disconnect)/.test(call)));
    const network = docker.networks.lookUp("ov")!;
    network.Containers!.elsewhere = { Name: "web1", EndpointID: "e", MacAddress: "", IPv4Address: "", IPv6Address: "" };
    docker.settle();
    await assert.rejects(
      create(),
      /^CrosshostError: host 10\.77\.0\.1: the network "ov" has an endpoint "web1" already$/,
    );
    assert.deepEqual(docker.mutations, []);
  });

  it("fails where the engine still has the endpoint of a container of that name that was removed, and says so", async () => {
    const { create, docker } = await world();
    const network = docker.networks.lookUp("ov")!;
    network.Driver = "overlay";
    const left = { Name: "web1", EndpointID: "e", MacAddress: "", IPv4Address: "", IPv6Address: "" };
    network.Containers!["265d200cf63e"] = left;
    docker.networks.leftSandboxes.add("265d200cf63e");
    docker.settle();
    await assert.rejects(create(), /the network "ov" has an endpoint "web1" already$/);
    assert.ok(!docker.mutations.some((call) => /^start/.test(call)));
  });

  it("is started where somebody else took the endpoint in its way off meanwhile", async () => {
    const { create, docker } = await world();
    const network = docker.networks.lookUp("ov")!;
    network.Driver = "overlay";
    network.Containers!["ep-e"] = {
      ...{ Name: "web1", EndpointID: "e", MacAddress: "", IPv4Address: "", IPv6Address: "" },
    };
    const { inspect } = docker.networks;
    let looks = 0;
    docker.networks.inspect = async (reference) => {
      const seen = await inspect.call(docker.networks, reference);
      if (seen.Containers?.["ep-e"] && ++looks === 2) delete network.Containers!["ep-e"];
      return seen;
    };
    docker.settle();
    assert.equal((await create()).state, "running");
    assert.equal(looks, 2);
  });

  it("again touches nothing", async () => {
    const { create, docker } = await world();
    const first = await create();
    docker.settle();
    assert.deepEqual(await create(), first);
    assert.deepEqual(docker.mutations, []);
  });

  for (const call of [/^create container/, /^connect/, /^start/]) {
    it(`finishes what an interrupted run left before its "${call.source.slice(1)}"`, async () => {
      const { create, docker } = await world();
      docker.interrupt(call);
      await assert.rejects(create(), { message: "interrupted" });
      const state = await create();
      assert.equal(docker.containersById.size, 1);
      assert.deepEqual(state.endpoints.map(({ network }) => network).sort(), ["lan", "ov"]);
      docker.settle();
      await create();
      assert.deepEqual(docker.mutations, []);
    });
  }

  it("makes it anew where an interrupted run left it with other inputs", async () => {
    const { create, docker } = await world();
    const { containerId } = await create(inputsWith({ command: ["sleep", "1d"] }));
    const state = await create();
    assert.notEqual(state.containerId, containerId);
    assert.equal(docker.containersById.size, 1);
    assert.deepEqual((await docker.containers.inspect("web1")).Config.Cmd, ["httpd", "-f"]);
  });

  it("refuses somebody else's of that name, and leaves it as it is", async () => {
    const { docker, task } = await world();
    await docker.containers.create("web1", { Image: "busybox:1.35" });
    docker.settle();
    const mine = task();
    await assert.rejects(container.create(inputsWith(), mine), {
      message: 'host 10.77.0.1: the container "web1" exists already and was not made by this program',
      code: "foreign",
    });
    assert.deepEqual(docker.mutations, []);
    assert.equal(mine.touched, false);
  });

  it("pulls an image that is not there, and says so", async () => {
    const { create, docker, said } = await world({ images: [], registry: ["busybox:1.35"] });
    await create();
    assert.equal(docker.mutations[0], 'pull image "busybox:1.35"');
    assert.deepEqual(said, ["10.77.0.1: pulling busybox:1.35"]);
  });

  it("fails with nothing touched where there is no such image", async () => {
    const { task } = await world({ images: [] });
    const mine = task();
    await assert.rejects(container.create(inputsWith(), mine), {
      message: 'host 10.77.0.1: pull image "busybox:1.35": manifest for busybox:1.35 not found',
    });
    assert.equal(mine.touched, false);
  });

  it("is recorded as touched once there is something of it on the host, also when an earlier run left it", async () => {
    const { create, docker, task } = await world();
    await create();
    await docker.containers.stop("web1");
    docker.interrupt(/^start/);
    const mine = task();
    await assert.rejects(container.create(inputsWith(), mine));
    assert.equal(mine.touched, true);
  });

  it("is recorded as touched where what an earlier run left cannot be made anew", async () => {
    const { create, docker, task } = await world();
    await create(inputsWith({ image: "consul:1.8.7" }));
    const mine = task();
    await assert.rejects(container.create(inputsWith({ image: "nothing:1" }), mine));
    assert.equal(mine.touched, true);
    assert.equal(docker.containersById.size, 1);
  });

  it("says a container's last words when it ends at once", async () => {
    const { create, docker } = await world();
    docker.shortLived.set("busybox:1.35", "httpd: bind: Address in use\nbye\n");
    await assert.rejects(create(), {
      message:
        'host 10.77.0.1: the container "web1" ended at once with exit code 1; its log ends: httpd: bind: Address in use | bye',
      hint: "if that is what it is for, give `mustRun: false`",
    });
  });
});

describe("updating a Container", () => {
  const update = async (changed: object) => {
    const { create, docker, task } = await world();
    const state = await create();
    docker.settle();
    const after = await container.update(state, inputsWith(changed), task());
    const calls = docker.mutations.map((call) => call.replaceAll(state.containerId, "web1"));
    return { state, after, calls, docker };
  };

  it("touches nothing for a new credential", async () => {
    const { state, after, calls } = await update({ connection: connectionTo("10.77.0.1", { password: "x" }) });
    assert.deepEqual(calls, []);
    assert.equal(after.containerId, state.containerId);
  });

  it("changes an alias with the container running", async () => {
    const { state, after, calls } = await update({
      networksAdvanced: [{ name: "ov", aliases: ["www"] }, { name: "lan" }],
    });
    assert.equal(after.containerId, state.containerId);
    assert.deepEqual(calls, [
      'disconnect container "web1" from network "ov"',
      'connect container "web1" to network "ov"',
    ]);
  });

  it("changes the restart policy in place", async () => {
    const { calls, docker } = await update({ restart: "always" });
    assert.deepEqual(calls, ['update container "web1"']);
    assert.equal((await docker.containers.inspect("web1")).HostConfig.RestartPolicy?.Name, "always");
  });

  it("takes the limit of restarts away that is no longer given", async () => {
    const { create, docker, task } = await world();
    const state = await create(inputsWith({ restart: "on-failure", maxRetryCount: 3 }));
    const news = inputsWith({ restart: "on-failure" });
    const after = await container.update(state, news, task());
    assert.equal((await docker.containers.inspect("web1")).HostConfig.RestartPolicy?.MaximumRetryCount || 0, 0);
    assert.deepEqual(container.diff((await container.read(after, task()))!, news), { changes: false, replaces: [] });
  });

  it("that fails has it looked at again by the next, also for what it was before", async () => {
    const { create, docker, task } = await world();
    const state = await create();
    docker.interrupt(/^connect/);
    docker.interrupt(/^connect/);
    const other = inputsWith({ networksAdvanced: [{ name: "ov", aliases: ["www"] }, { name: "lan" }] });
    const error = await container.update(state, other, task()).then(
      () => assert.fail("it did not fail"),
      (error: HalfDone) => error,
    );
    const half = error.state as ContainerState;
    for (const inputs of [inputsWith(), other]) assert.equal(container.diff(half, inputs).changes, true);
    const after = await container.update(half, inputsWith(), task());
    assert.deepEqual(Object.keys((await docker.containers.inspect("web1")).NetworkSettings.Networks).sort(), [
      "lan",
      "ov",
    ]);
    assert.equal(after.containerId, state.containerId);
  });

  it("stops one that is no longer to be started, and lets one run that may end", async () => {
    const { calls } = await update({ start: false });
    assert.deepEqual(calls, ['stop container "web1"']);
    assert.deepEqual((await update({ mustRun: false })).calls, []);
  });
});

describe("a Container that may end, and runs", () => {
  it("runs again where it had to be stopped to leave a network that is gone", async () => {
    const { create, docker, task } = await world();
    const inputs = () => inputsWith({ mustRun: false, verifyConnectivity: "off" });
    const state = await create(inputs());
    docker.networks.detach(state.containerId);
    await docker.networks.remove("ov");
    await docker.networks.create({ Name: "ov", Driver: "macvlan", IPAM: { Config: [{ Subnet: "10.8.0.0/24" }] } });
    docker.settle();
    const after = await container.update(state, inputs(), task());
    assert.deepEqual([after.containerId, after.state], [state.containerId, "running"]);
    assert.ok(docker.mutations.some((call) => call.startsWith("stop")));
    await docker.containers.stop("web1");
    assert.equal((await container.update(after, inputs(), task())).state, "exited");
  });
});

describe("reading a Container", () => {
  async function read(change: (docker: FakeDocker, state: ContainerState) => Promise<void> = async () => {}) {
    const { create, docker, task } = await world();
    const state = await create();
    await change(docker, state);
    return { state, found: await container.read(state, task()) };
  }

  it("finds no difference where there is none", async () => {
    const { state, found } = await read();
    assert.deepEqual(found, state);
    assert.deepEqual(container.diff(found!, inputsWith()), { changes: false, replaces: [] });
  });

  it("finds a network that somebody took away or added, and a container that was stopped", async () => {
    const { found } = await read(async (docker) => {
      await docker.networks.disconnect("lan", "web1");
      await docker.networks.connect("bridge", "web1");
      await docker.containers.stop("web1");
    });
    assert.deepEqual(found?.networksAdvanced, [
      { name: "ov", aliases: ["web"] },
      { name: "bridge", aliases: [] },
    ]);
    assert.equal(found?.mustRun, false);
    assert.deepEqual(container.diff(found!, inputsWith()), { changes: true, replaces: [] });
  });

  it("finds it gone when it is removed, and when the one of its name is somebody else's", async () => {
    const gone = await read((docker) => docker.containers.remove("web1", { force: true }));
    assert.equal(gone.found, undefined);
    const foreign = await read(async (docker) => {
      await docker.containers.remove("web1", { force: true });
      await docker.containers.create("web1", { Image: "busybox:1.35" });
    });
    assert.equal(foreign.found, undefined);
  });

  it("fails where nobody could be asked", async () => {
    const lost = read(async (docker) => docker.interrupt(/^inspect container/, new Error("connection lost")));
    await assert.rejects(lost, { message: "connection lost" });
  });
});

describe("deleting a Container", () => {
  it("removes it, also while it runs; again is success", async () => {
    const { create, docker, task } = await world();
    const state = await create();
    await container.delete(state, task());
    assert.equal(docker.containersById.size, 0);
    docker.settle();
    await container.delete(state, task());
    assert.deepEqual(docker.mutations, []);
  });

  it("leaves alone somebody else's of that name", async () => {
    const { create, docker, task } = await world();
    const state = await create();
    await docker.containers.remove("web1", { force: true });
    await docker.containers.create("web1", { Image: "busybox:1.35" });
    docker.settle();
    await container.delete(state, task());
    assert.deepEqual(docker.mutations, []);
  });

  it("works on what a failed create recorded: the inputs alone", async () => {
    const { create, docker, task } = await world();
    docker.interrupt(/^connect/);
    await assert.rejects(create());
    await container.delete(inputsWith() as ContainerState, task());
    assert.equal(docker.containersById.size, 0);
  });
});
