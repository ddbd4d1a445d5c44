import assert from "node:assert/strict";
import { clearLeftEndpoint, LeftEndpoint } from "../../../../provider/resources/container/leftEndpoint";
import { FakeConsul } from "../../../helpers/fakeConsul";
import { FakeDocker } from "../../../helpers/fakeDocker";
import { FakeHost } from "../../../helpers/fakeHost";
import { plainDockerService } from "../../../helpers/memberHost";
import { TestClock } from "../../ssh/testClock";

const HOST = "10.77.0.1";
const ADDRESS = "10.200.0.2/24";

/** A container "web" that has never run, and the endpoint that its start has left; `others` are on the network, too. */
async function left() {
  const consul = new FakeConsul();
  const host = new FakeHost(plainDockerService, HOST, "root", () => consul.open());
  const docker = new FakeDocker({
    address: HOST,
    info: { ClusterStore: `consul://${HOST}:8500/lab` },
    shared: new Map(),
  });
  await docker.networks.create({ Name: "ov", Driver: "overlay" });
  const network = docker.networks.lookUp("ov")!;
  const endpoint = { MacAddress: "", IPv4Address: ADDRESS, IPv6Address: "" };
  network.Containers = { "ep-e1": { Name: "web", EndpointID: "e1", ...endpoint } };
  const key = `lab/docker/network/v1.0/endpoint/${network.Id}/e1/`;
  consul.keys.set(key, "{}");
  await docker.containers.create("web", { Image: "busybox:1.35", Labels: {}, HostConfig: { NetworkMode: "none" } });
  docker.settle();
  const clock = new TestClock();
  const error = new LeftEndpoint(new Error("endpoint with name web already exists in network ov"), "ov", "web");
  const clear = () => clearLeftEndpoint(docker, host, error, clock);
  /** Another container gets the address. */
  const giveAway = () => {
    network.Containers!["ep-e2"] = { Name: "db", EndpointID: "e2", ...endpoint };
  };
  return { docker, consul, clock, clear, giveAway, hasKey: () => consul.keys.has(key) };
}

const OFF = ['remove container "web"', 'disconnect container "web" from network "ov"'];

describe("what a start that failed half way has left", () => {
  it("is taken away by the engine, which gives its address back", async () => {
    const { docker, clear, hasKey } = await left();
    await clear();
    assert.deepEqual(docker.mutations, OFF);
    assert.ok(hasKey(), "the engine's to take out");
  });

  it("is taken out of the store alone where another container has its address, which stays that one's", async () => {
    const { docker, clear, giveAway, hasKey } = await left();
    giveAway();
    await clear();
    assert.deepEqual(docker.mutations, OFF.slice(0, 1));
    assert.ok(!hasKey());
  });

  it("is, too, where that one shows in the store only a moment later", async () => {
    const { docker, clear, clock, giveAway, hasKey } = await left();
    const { sleep } = clock;
    clock.sleep = async (milliseconds) => {
      giveAway();
      await sleep.call(clock, milliseconds);
    };
    await clear();
    assert.deepEqual([docker.mutations, hasKey()], [OFF.slice(0, 1), false]);
  });

  it("is left for the next start to meet where the engine does not show it", async () => {
    const { docker, clear, clock, hasKey } = await left();
    docker.networks.lookUp("ov")!.Containers = {};
    await clear();
    assert.deepEqual([docker.mutations, hasKey(), clock.sleeps.length], [OFF.slice(0, 1), true, 3]);
  });

  it("is taken away where the engine shows it only when it is asked again", async () => {
    const { docker, clear, clock } = await left();
    const { inspect } = docker.networks;
    docker.networks.inspect = async (reference) => {
      const seen = await inspect.call(docker.networks, reference);
      return clock.sleeps.length === 0 ? { ...seen, Containers: {} } : seen;
    };
    await clear();
    assert.deepEqual([docker.mutations, clock.sleeps.length], [OFF, 2]);
  });
});
