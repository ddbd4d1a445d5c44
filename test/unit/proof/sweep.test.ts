import assert from "node:assert/strict";
import { Mesh } from "../../../provider/proof/mesh";
import { Sweep } from "../../../provider/proof/sweep";
import type { Connection } from "../../../provider/ssh/connection";
import { fakeRun, fakeTask } from "../../helpers/fakeRun";
import { storedEndpoint } from "../../helpers/storedEndpoint";

/** A network on which the store has an endpoint of "web" that no host runs. */
async function world(locator = "10.77.0.2") {
  const { hosts, dockers, network } = await storedEndpoint(locator);
  const { run, said } = fakeRun(Object.fromEntries(hosts.map((one) => [one.docker.address, one])));
  run.peers.meet({ name: "ov", connections: dockers.map(({ address }) => ({ host: address })) });
  for (const docker of dockers) docker.settle();
  const sweep = new Sweep(new Mesh(run, { id: network.Id, name: "ov", packet: 1450 }));
  const task = fakeTask(run);
  const clear = () => sweep.clear(new Map([["e1", "web"]]), { host: "10.77.0.1" } as Connection, task);
  return { clear, run, said, mutations: () => dockers.flatMap((docker) => docker.mutations) };
}

describe("endpoints that only the store has", () => {
  it("are taken away, once for all containers that find them", async () => {
    const { clear, mutations, said } = await world();
    await Promise.all([clear(), clear()]);
    await clear();
    assert.equal(mutations().length, 1);
    assert.equal(said.length, 1);
  });

  it("are named where it cannot be told whose they are", async () => {
    const { clear, mutations, said } = await world("10.77.0.9");
    await clear();
    assert.deepEqual(mutations(), []);
    assert.deepEqual(said, [
      'warning: the endpoint of web on "ov" is not proven: it is of the engine at 10.77.0.9, which was not asked',
    ]);
  });

  it("are not looked into where this run starts their containers, which have a proof of their own", async () => {
    const { clear, run, mutations, said } = await world();
    run.started.add("web");
    await clear();
    assert.deepEqual([mutations(), said], [[], []]);
  });
});
