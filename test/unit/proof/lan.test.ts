import assert from "node:assert/strict";
import { CrosshostError } from "../../../provider/errors";
import { LostConnection } from "../../../provider/lostConnection";
import { proveLan } from "../../../provider/proof/lan";
import type { Connection } from "../../../provider/ssh/connection";
import { FakeDocker } from "../../helpers/fakeDocker";
import { FakeHost } from "../../helpers/fakeHost";
import { fakeRun, fakeTask } from "../../helpers/fakeRun";

/** A container on a LAN, and another host whose SSH, or whose command, fails as told. */
async function world({ refuses, loses }: { refuses?: Error; loses?: Error }) {
  const docker = new FakeDocker({ address: "10.77.0.1" });
  await docker.networks.create({ Name: "lan", Driver: "macvlan", Options: { parent: "eth0" } });
  const { Id: networkId } = await docker.networks.inspect("lan");
  const HostConfig = { NetworkMode: "lan" };
  const { Id } = await docker.containers.create("web", { Image: "busybox:1.35", HostConfig });
  await docker.containers.start(Id);
  const route = "Iface Destination Gateway Flags RefCnt Use Metric Mask\neth1 000011AC 00000000 0001 0 0 0 00FFFFFF\n";
  const own = new FakeHost({ "cat /proc/": route, "sh -c": "link=eth0\n" }, "10.77.0.1");
  const ask = () => {
    if (loses) throw loses;
    return "link=eth0\nanswered=yes\n";
  };
  const { run, said } = fakeRun({
    "10.77.0.1": { docker, host: own },
    "10.77.0.2": { host: new FakeHost({ "sh -c": ask }, "10.77.0.2") },
  });
  run.peers.meet({ name: "lan", connections: ["10.77.0.1", "10.77.0.2"].map((host) => ({ host })) });
  const reach = run.host.bind(run);
  run.host = async (connection, deadline) => {
    if (refuses && connection.host === "10.77.0.2") throw refuses;
    return reach(connection, deadline);
  };
  const connection = { host: "10.77.0.1" } as Connection;
  const subject = { host: "10.77.0.1", connection, container: Id, name: "web", isOurs: () => true };
  const network = { id: networkId, name: "lan", options: { parent: "eth0" }, endpoints: new Map<string, string>() };
  return { dead: await proveLan(subject, network, fakeTask(run)), said };
}

describe("the proof on a LAN, of a host that the container is not on", () => {
  it("goes on where its SSH lets nobody in, and says so", async () => {
    const refuses = new CrosshostError("host 10.77.0.2: root may not log in", { code: "not-authenticated" });
    const { dead, said } = await world({ refuses });
    assert.deepEqual(dead, []);
    assert.deepEqual(said, ['warning: 10.77.0.2: nothing on "lan" is proven from there: root may not log in']);
  });

  it("goes on where its connection is lost meanwhile, and says so", async () => {
    const loses = new LostConnection("host 10.77.0.2: `sh`: the SSH connection was lost", undefined);
    const { dead, said } = await world({ loses });
    assert.deepEqual(dead, []);
    assert.deepEqual(said, [
      'warning: 10.77.0.2: nothing on "lan" is proven from there: `sh`: the SSH connection was lost',
    ]);
  });

  it("is silent where the container is reached from there", async () => {
    const { dead, said } = await world({});
    assert.deepEqual([dead, said], [[], []]);
  });
});
