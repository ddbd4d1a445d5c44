import assert from "node:assert/strict";
import { leaveGoneNetworks, reconcileEndpoints } from "../../../../provider/resources/container/endpoints";
import type { NetworkAttachment } from "../../../../provider/resources/container/inputs";
import { FakeDocker } from "../../../helpers/fakeDocker";

/** A running container on `ov` (as web) and `lan`, with a third network beside them. */
async function running() {
  const docker = new FakeDocker();
  for (const Name of ["ov", "lan", "third"]) {
    await docker.networks.create({
      Name,
      Driver: "macvlan",
      IPAM: { Config: [{ Subnet: `10.${Name.length}.0.0/24` }] },
    });
  }
  const { Id } = await docker.containers.create("web1", {
    Image: "busybox:1.35",
    HostConfig: { NetworkMode: "ov" },
    NetworkingConfig: { EndpointsConfig: { ov: { Aliases: ["web"] } } },
  });
  await docker.networks.connect("lan", Id);
  await docker.containers.start(Id);
  docker.settle();
  const reconcile = async (...wanted: NetworkAttachment[]) =>
    reconcileEndpoints(docker, await docker.containers.inspect(Id), { networksAdvanced: wanted });
  const networks = async () => (await docker.containers.inspect(Id)).NetworkSettings.Networks;
  const calls = () => docker.mutations.map((call) => call.replaceAll(Id, "web1"));
  return { docker, reconcile, networks, calls };
}

const ov = { name: "ov", aliases: ["web"] };
const lan = { name: "lan", aliases: [] };

describe("a container's endpoints", () => {
  it("are not touched where they are what is wanted, in whatever order", async () => {
    const { reconcile, calls } = await running();
    assert.equal(await reconcile(ov, lan), false);
    assert.equal(await reconcile(lan, ov), false);
    assert.deepEqual(calls(), []);
  });

  it("come where one is missing", async () => {
    const { reconcile, calls, networks } = await running();
    assert.equal(await reconcile(ov, lan, { name: "third", aliases: ["www"] }), true);
    assert.deepEqual(calls(), ['connect container "web1" to network "third"']);
    assert.ok((await networks()).third?.Aliases?.includes("www"));
  });

  it("go where one is not wanted", async () => {
    const { reconcile, calls } = await running();
    await reconcile(ov);
    assert.deepEqual(calls(), ['disconnect container "web1" from network "lan"']);
  });

  it("come before others go, so that there is a gateway all the while", async () => {
    const { reconcile, calls } = await running();
    await reconcile({ ...ov, aliases: ["www"] }, { name: "third", aliases: [] });
    assert.deepEqual(calls(), [
      'connect container "web1" to network "third"',
      'disconnect container "web1" from network "ov"',
      'connect container "web1" to network "ov"',
      'disconnect container "web1" from network "lan"',
    ]);
  });

  it("go first where what is to go is in the way", async () => {
    const { docker, reconcile, calls } = await running();
    docker.interrupt(/to network "third"/, docker.refuse("connect", 403, "it conflicts with existing route"));
    await reconcile(ov, { name: "third", aliases: [] });
    assert.deepEqual(calls(), [
      'disconnect container "web1" from network "lan"',
      'connect container "web1" to network "third"',
    ]);
    docker.interrupt(/to network "lan"/, docker.refuse("connect", 403, "no more addresses"));
    await assert.rejects(reconcile(ov, { name: "third", aliases: [] }, lan), /no more addresses/);
  });

  it("leave and join again for another MAC address, IPv6 address, driver option or priority, and not without a change", async () => {
    for (const changed of [
      { macAddress: "02:00:00:00:00:07" },
      { ipv6Address: "fd00::7" },
      { driverOpts: { "com.example.a": "b" } },
      { gwPriority: 7 },
    ]) {
      const { docker, reconcile, calls, networks } = await running();
      await reconcile(ov, { ...lan, ...changed });
      assert.deepEqual(calls(), [
        'disconnect container "web1" from network "lan"',
        'connect container "web1" to network "lan"',
      ]);
      const { MacAddress, IPAMConfig, DriverOpts, GwPriority } = (await networks()).lan!;
      assert.ok(
        MacAddress === changed.macAddress ||
          IPAMConfig?.IPv6Address === changed.ipv6Address ||
          DriverOpts?.["com.example.a"] === "b" ||
          GwPriority === 7,
      );
      docker.settle();
      assert.equal(await reconcile(ov, { ...lan, ...changed }), false);
    }
  });

  it("join again at an address of Docker's choice where it fixes none", async () => {
    const { docker, reconcile, calls } = await running();
    const words =
      "user specified IP address is supported only when connecting to networks with user configured subnets";
    docker.interrupt(/^connect/, docker.refuse("connect", 400, words));
    await reconcile({ name: "ov", aliases: ["www"] }, lan);
    assert.equal(calls().length, 2);
  });

  it("leave and join again for another alias, at the address they had", async () => {
    const { reconcile, calls, networks } = await running();
    const before = (await networks()).ov!.IPAddress;
    await reconcile({ name: "ov", aliases: ["www"] }, lan);
    assert.deepEqual(calls(), [
      'disconnect container "web1" from network "ov"',
      'connect container "web1" to network "ov"',
    ]);
    assert.equal((await networks()).ov!.IPAddress, before);
    assert.equal(await reconcile({ name: "ov", aliases: ["www"] }, lan), false);
  });

  it("leave and join again for another fixed address, and not when it is given up", async () => {
    const { reconcile, networks, calls, docker } = await running();
    const fixed = { ...lan, ipv4Address: "10.3.0.77" };
    await reconcile(ov, fixed);
    assert.equal((await networks()).lan!.IPAddress, "10.3.0.77");
    assert.equal(calls().length, 2);
    docker.settle();
    assert.equal(await reconcile(ov, fixed), false);
    assert.equal(await reconcile(ov, lan), false);
    assert.deepEqual(calls(), []);
  });

  it("are on Docker's own network where none is wanted", async () => {
    const { reconcile, networks } = await running();
    await reconcile();
    assert.deepEqual(Object.keys(await networks()), ["bridge"]);
    assert.equal(await reconcile(), false);
    await reconcile(lan);
    assert.deepEqual(Object.keys(await networks()), ["lan"]);
  });

  it("are on the network of `networkMode` where no others are wanted, and left alone on the host's or another's", async () => {
    const { docker, networks, calls } = await running();
    const reconcile = async (networkMode: string) =>
      reconcileEndpoints(docker, await docker.containers.inspect("web1"), { networkMode, networksAdvanced: [] });
    for (const mode of ["host", "none", "container:other"]) assert.equal(await reconcile(mode), false);
    assert.deepEqual(calls(), []);
    await reconcile("third");
    assert.deepEqual(Object.keys(await networks()), ["third"]);
  });

  it("come to what is wanted after an interruption between leaving and joining", async () => {
    const { docker, reconcile, networks } = await running();
    docker.interrupt(/^connect/);
    docker.interrupt(/^connect/);
    await assert.rejects(reconcile({ name: "ov", aliases: ["www"] }, lan), { message: "interrupted" });
    assert.deepEqual(Object.keys(await networks()), ["lan"]);
    await reconcile({ name: "ov", aliases: ["www"] }, lan);
    assert.deepEqual(Object.keys(await networks()).sort(), ["lan", "ov"]);
  });

  it("are what they were where the engine refuses what is wanted", async () => {
    const { docker, reconcile, networks } = await running();
    const asked = { ...ov, macAddress: "02:00:00:00:00:07", gwPriority: 7 };
    await reconcile(asked, lan);
    const before = await networks();
    docker.interrupt(/^connect/);
    await assert.rejects(reconcile({ ...asked, aliases: ["www"] }, lan), { message: "interrupted" });
    const after = await networks();
    assert.deepEqual(Object.keys(after).sort(), Object.keys(before).sort());
    const { IPAddress, MacAddress, GwPriority } = after.ov!;
    assert.deepEqual([IPAddress, MacAddress, GwPriority], [before.ov!.IPAddress, asked.macAddress, 7]);
  });

  it("leave networks that are gone, whose names others have now, and then join those", async () => {
    const { docker, reconcile, networks, calls } = await running();
    const leave = async () => leaveGoneNetworks(docker, await docker.containers.inspect("web1"));
    await leave();
    assert.deepEqual(calls(), []);
    // As when the network was removed by another host while this one was away.
    docker.networks.detach((await docker.containers.inspect("web1")).Id);
    await docker.networks.remove("ov");
    const again = { Name: "ov", Driver: "macvlan", IPAM: { Config: [{ Subnet: "10.2.0.0/24" }] } };
    const { Id } = await docker.networks.create(again);
    docker.settle();
    assert.equal((await leave()).State.Running, false);
    assert.deepEqual(calls(), ['stop container "web1"', 'disconnect container "web1" from network "ov"']);
    await reconcile(ov, lan);
    await docker.containers.start("web1");
    assert.equal((await networks()).ov!.NetworkID, Id);
    docker.settle();
    await leave();
    assert.deepEqual(calls(), []);
  });
});
