import assert from "node:assert/strict";
import { connectShown, showEndpoints, unshownEndpoints } from "../../../provider/docker/unshownEndpoints";
import { FakeDocker } from "../../helpers/fakeDocker";

/** A running container on `ov` (as web), of whose next endpoints so many do not show. */
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
  const inspect = () => docker.containers.inspect(Id);
  const addressIn = async (network: string) => (await inspect()).NetworkSettings.Networks[network]!.IPAddress;
  const onUnshown: string[] = [];
  const show = async () => await showEndpoints(docker, await inspect(), (network) => void onUnshown.push(network));
  const calls = () => docker.mutations.map((call) => call.replaceAll(Id, "web1"));
  return { docker, Id, inspect, addressIn, show, onUnshown, calls };
}

const ANEW = ['disconnect container "web1" from network "ov"', 'connect container "web1" to network "ov"'];

describe("an endpoint that its engine does not show", () => {
  it("is found while the container runs, and not before, after or between two starts", async () => {
    const { docker, Id, inspect } = await running();
    const container = await inspect();
    assert.deepEqual(unshownEndpoints(container), ["ov"]);
    assert.deepEqual(unshownEndpoints({ ...container, State: { ...container.State, Restarting: true } }), []);
    await docker.containers.stop(Id);
    assert.deepEqual(unshownEndpoints(await inspect()), []);
    assert.deepEqual(unshownEndpoints(await (await running({ hides: 0 })).inspect()), []);
  });

  it("is made anew, which is said, at the address and with the aliases that it had; again nothing is done", async () => {
    const { docker, Id, show, onUnshown, calls } = await running();
    const { IPv4Address } = (await docker.networks.inspect("ov")).Containers![Id]!;
    const { ov } = (await show()).NetworkSettings.Networks;
    assert.equal(`${ov!.IPAddress}/24`, IPv4Address);
    assert.deepEqual(ov!.Aliases, ["web", Id.slice(0, 12)]);
    assert.deepEqual([calls(), onUnshown], [ANEW, ["ov"]]);
    await show();
    assert.equal(calls().length, 2);
  });

  it("gets another address where that one was taken meanwhile", async () => {
    const { docker, Id, show } = await running();
    docker.interrupt(/^connect/, docker.refuse("connect", 403, "Address already in use"));
    const { IPv4Address } = (await docker.networks.inspect("ov")).Containers![Id]!;
    const { IPAddress } = (await show()).NetworkSettings.Networks.ov!;
    assert.ok(IPAddress !== "" && `${IPAddress}/24` !== IPv4Address, IPAddress);
  });

  it("is made anew until it shows, five times at most, and said once", async () => {
    const some = await running({ hides: 4 });
    assert.deepEqual(unshownEndpoints(await some.show()), []);
    assert.deepEqual([some.calls().length, some.onUnshown], [8, ["ov"]]);
    const all = await running({ hides: 99 });
    assert.deepEqual(unshownEndpoints(await all.show()), ["ov"]);
    assert.deepEqual([all.calls().length, all.onUnshown], [10, ["ov"]]);
  });

  it("does not come of a connect that makes sure of it", async () => {
    const { docker, Id, addressIn, show } = await running();
    await show();
    docker.networks.hides = 2;
    await connectShown(docker, "lan", Id, { Aliases: ["www"] });
    assert.notEqual(await addressIn("lan"), "");
  });
});
