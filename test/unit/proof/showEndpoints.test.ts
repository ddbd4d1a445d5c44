import assert from "node:assert/strict";
import { unshownEndpoints } from "../../../provider/docker/unshownEndpoints";
import { connectShown, showEndpoints } from "../../../provider/proof/showEndpoints";
import { FakeDocker } from "../../helpers/fakeDocker";

/** A running container on `ov` (as web), of whose next endpoints so many do not show, and beside it `lan`. */
async function running({ hides = 1 } = {}) {
  const docker = new FakeDocker();
  for (const Name of ["ov", "lan"]) {
    await docker.networks.create({ Name, Driver: "macvlan", IPAM: { Config: [{ Subnet: "10.2.0.0/24" }] } });
  }
  const { Id } = await docker.containers.create("web1", {
    Image: "busybox:1.35",
    HostConfig: { NetworkMode: "ov" },
    NetworkingConfig: { EndpointsConfig: { ov: { Aliases: ["web"] } } },
  });
  docker.networks.hides = hides;
  await docker.containers.start(Id);
  docker.settle();
  const told: string[] = [];
  const inspect = () => docker.containers.inspect(Id);
  const show = async (only?: string) =>
    await showEndpoints(docker, await inspect(), {
      only,
      onUnshown: (network) => told.push(`unshown on ${network}`),
      onMoved: (network, had) => told.push(`moved on ${network} from ${had}`),
    });
  const endpointOn = async (network: string) => (await inspect()).NetworkSettings.Networks[network]!;
  const known = async () => (await docker.networks.inspect("ov")).Containers![Id]!.IPv4Address.replace("/24", "");
  const calls = () => docker.mutations.map((call) => call.replaceAll(Id, "web1"));
  return { docker, Id, inspect, show, told, endpointOn, known, calls };
}

const ANEW = ['disconnect container "web1" from network "ov"', 'connect container "web1" to network "ov"'];

describe("an endpoint that its engine does not show", () => {
  it("is made anew, which is told, at the address and with the aliases that it had; again nothing is done", async () => {
    const { Id, show, told, known, calls } = await running();
    const address = await known();
    const { ov } = (await show()).NetworkSettings.Networks;
    assert.equal(ov!.IPAddress, address);
    assert.deepEqual(ov!.Aliases, ["web", Id.slice(0, 12)]);
    assert.deepEqual([calls(), told], [ANEW, ["unshown on ov"]]);
    await show();
    assert.equal(calls().length, 2);
  });

  it("gets another address where that one was taken meanwhile, which is told", async () => {
    const { docker, show, told, known } = await running();
    docker.interrupt(/^connect/, docker.refuse("connect", 403, "Address already in use"));
    const address = await known();
    const { IPAddress } = (await show()).NetworkSettings.Networks.ov!;
    assert.ok(IPAddress !== "" && IPAddress !== address, IPAddress);
    assert.deepEqual(told, ["unshown on ov", `moved on ov from ${address}`]);
  });

  it("is made anew until it shows, five times at most, and told once", async () => {
    const some = await running({ hides: 4 });
    assert.deepEqual(unshownEndpoints(await some.show()), []);
    assert.deepEqual([some.calls().length, some.told], [8, ["unshown on ov"]]);
    const all = await running({ hides: 99 });
    assert.deepEqual(unshownEndpoints(await all.show()), ["ov"]);
    assert.deepEqual([all.calls().length, all.told], [10, ["unshown on ov"]]);
  });

  it("is made where there is none: a connect that failed has left its record", async () => {
    const { docker, Id, show, endpointOn } = await running();
    delete docker.networks.lookUp("ov")!.Containers![Id];
    await show();
    assert.notEqual((await endpointOn("ov")).IPAddress, "");
  });

  it("is made anew by the next try where the engine does not find it to take it away", async () => {
    const { docker, show, known, endpointOn } = await running();
    const address = await known();
    docker.interrupt(/^disconnect/, docker.refuse("disconnect", 404, "container web1 is not connected to network ov"));
    await show();
    assert.equal((await endpointOn("ov")).IPAddress, address);
  });

  it("has its address where its network does not say at first who is on it", async () => {
    const { docker, show, known, endpointOn } = await running();
    const address = await known();
    docker.interrupt(/^inspect network/, docker.refuse("inspect", 404, "network ov not found"));
    await show();
    assert.equal((await endpointOn("ov")).IPAddress, address);
  });

  it("is tried again where it cannot be made, and fails where it is left off", async () => {
    const some = await running();
    const address = await some.known();
    for (let i = 0; i < 3; i++) some.docker.interrupt(/^connect/, new Error("no"));
    await some.show();
    assert.equal((await some.endpointOn("ov")).IPAddress, address);
    const all = await running();
    for (let i = 0; i < 5; i++) all.docker.interrupt(/^connect/, new Error("no"));
    await assert.rejects(all.show(), { message: "no" });
  });

  it("is left alone on another network than the one that counts", async () => {
    const { show, calls } = await running();
    await show("lan");
    assert.deepEqual(calls(), []);
  });

  it("does not come of a connect that makes sure of it", async () => {
    const { docker, Id, show, endpointOn } = await running();
    await show();
    docker.networks.hides = 2;
    await connectShown(docker, { id: docker.networks.lookUp("lan")!.Id, name: "lan" }, Id, { Aliases: ["www"] });
    assert.notEqual((await endpointOn("lan")).IPAddress, "");
  });
});
