import assert from "node:assert/strict";
import { refusal } from "../../../provider/docker/errors";
import { describeDuplicates } from "../../../provider/proof/duplicates";
import type { Subject } from "../../../provider/proof/proof";
import { meshWorld } from "../../helpers/meshWorld";

const ADDRESS = "10.200.0.1";

/** Container a on host 1 and b on host 2, which got the same address; `events` are what was done, in order. */
async function twins({ labels = { ours: "yes" } as Record<string, string>, entered = ["a", "b"] } = {}) {
  const world = meshWorld();
  const joining = (name: string) => ({ address: ADDRESS, isEntered: entered.includes(name) });
  const a = await world.join(1, "a", undefined, joining("a"));
  const b = await world.join(2, "b", labels, joining("b"));
  const containerOf = ({ host, container }: Subject) =>
    world.dockers[host === a.host ? 0 : 1]!.containersById.get(container)!;
  const events: string[] = [];
  for (const { networks } of world.dockers) {
    const nameOf = (id: string) => [a, b].find(({ container }) => container === id)!.name;
    const { connect, disconnect } = networks;
    networks.disconnect = async (network, id, ...more) => {
      events.push(`${nameOf(id)} leaves`);
      return await disconnect.call(networks, network, id, ...more);
    };
    networks.connect = async (network, id, config) => {
      events.push(`${nameOf(id)} joins at ${config?.IPAMConfig?.IPv4Address ?? "any address"}`);
      return await connect.call(networks, network, id, config);
    };
  }
  for (const one of [a, b]) if (entered.includes(one.name)) world.mesh.proving.add(one.container);
  await world.mesh.look();
  return { ...world, a, b, events, containerOf };
}

const warning = (host: string, what: string) =>
  `warning: ${host}: ${what}; \`pulumi up --refresh\` brings its resource up to date`;

describe("containers that have one address", () => {
  it("both leave before one comes back, and who had it first keeps it", async () => {
    const { mender, events, said } = await twins();
    await mender.separate();
    assert.deepEqual(events, ["a leaves", "b leaves", `a joins at ${ADDRESS}`, "b joins at any address"]);
    assert.deepEqual(said, [
      '10.77.0.2: healing "ov": b got the address of a (10.200.0.1, host 10.77.0.1); connecting it again at another',
    ]);
  });

  it("leave it to the one that was there before this run", async () => {
    const { mender, events, said } = await twins({ entered: ["a"] });
    await mender.separate();
    assert.deepEqual(events.slice(2), [`b joins at ${ADDRESS}`, "a joins at any address"]);
    assert.equal(said.length, 1);
  });

  it("leave it to the one that was told to have it", async () => {
    const { mender, events, said, a, containerOf } = await twins({ entered: ["a"] });
    containerOf(a).NetworkSettings.Networks.ov!.IPAMConfig = { IPv4Address: ADDRESS };
    await mender.separate();
    assert.deepEqual(events.slice(2), [`a joins at ${ADDRESS}`, "b joins at any address"]);
    // No other run made the one that keeps it.
    assert.equal(said.at(-1), warning("10.77.0.2", 'b has another address on "ov" than 10.200.0.1'));
  });

  it("are separated once, and then said to be what they are", async () => {
    const { mender, mesh, events, a } = await twins();
    await Promise.all([mender.separate(), mender.separate()]);
    await mender.separate();
    assert.deepEqual([events.length, mender.steps], [4, 1]);
    assert.deepEqual(describeDuplicates(mesh, a), [
      '10.77.0.1: "a" and b (host 10.77.0.2) have the same address 10.200.0.1 on "ov"; both have to leave the network, and then join it again',
    ]);
  });

  it("are left alone where one is another stack's", async () => {
    const { mender, events, mesh, a } = await twins({ labels: {} });
    await mender.separate();
    assert.deepEqual([events, mender.steps], [[], 0]);
    assert.equal(describeDuplicates(mesh, a).length, 1);
  });

  it("are none where one was removed since it was listed", async () => {
    const { mender, mesh, dockers, events, a, b } = await twins();
    await dockers[1]!.containers.remove(b.container, { force: true });
    await mender.separate();
    await mesh.look();
    assert.deepEqual(events, []);
    assert.deepEqual(describeDuplicates(mesh, a), []);
  });

  it("are said to have other addresses where their proofs have ended", async () => {
    const { mender, mesh, said } = await twins();
    mesh.proving.clear();
    await mender.separate();
    assert.deepEqual(said.slice(1), [warning("10.77.0.2", 'b has another address on "ov" than 10.200.0.1')]);
  });

  it("come back in such a way that their engines show it", async () => {
    const { mender, dockers, a, containerOf } = await twins();
    dockers[0]!.networks.hides = 1;
    await mender.separate();
    assert.equal(containerOf(a).NetworkSettings.Networks.ov!.IPAddress, ADDRESS);
  });

  it("come back whatever becomes of the other", async () => {
    const { mender, dockers, events } = await twins();
    dockers[1]!.networks.disconnect = async () => {
      throw new Error("no");
    };
    await assert.rejects(mender.separate(), { message: "no" });
    assert.deepEqual(events, ["a leaves", `a joins at ${ADDRESS}`]);
  });

  it("come back at another address where that was taken while both were off", async () => {
    const { mender, dockers, events, said } = await twins();
    const { networks } = dockers[0]!;
    const { connect } = networks;
    networks.connect = async (network, id, config) => {
      if (!config?.IPAMConfig) return await connect.call(networks, network, id, config);
      throw refusal("10.77.0.1", `connect container "${id}" to network "ov"`, 403, "Address already in use");
    };
    await mender.separate();
    assert.deepEqual(events.slice(2), ["a joins at any address", "b joins at any address"]);
    assert.ok(!said.some((line) => line.startsWith("warning")), "the proofs of both go on, which see it");
  });

  it("are named where one cannot come back, and the other does", async () => {
    const { mender, dockers, events, said } = await twins();
    dockers[0]!.networks.connect = async () => {
      throw new Error("no");
    };
    await assert.rejects(mender.separate(), { message: "no" });
    assert.deepEqual(events.at(-1), "b joins at any address");
    assert.equal(said.at(-1), warning("10.77.0.1", 'a could not be connected to "ov" again, and may be off it'));
  });

  it("are not taken for dead ways", async () => {
    const world = meshWorld({ answers: () => false });
    const a = await world.join(1, "a", undefined, { address: ADDRESS });
    await world.join(2, "b", undefined, { address: ADDRESS });
    await world.mesh.look();
    assert.deepEqual(world.mesh.openWaysOf(a.container), []);
  });
});
