import assert from "node:assert/strict";
import { refusal } from "../../../provider/docker/errors";
import { healStrays } from "../../../provider/proof/strays";
import type { Connection } from "../../../provider/ssh/connection";
import { fakeRun, fakeTask } from "../../helpers/fakeRun";
import { storedEndpoint } from "../../helpers/storedEndpoint";
import type { TestClock } from "../ssh/testClock";

async function world(locator: string) {
  const { hosts, dockers, network } = await storedEndpoint(locator);
  const { run, said } = fakeRun(Object.fromEntries(hosts.map((one) => [one.docker.address, one])));
  run.peers.meet({ name: "ov", connections: dockers.map(({ address }) => ({ host: address })) });
  const task = fakeTask(run);
  for (const docker of dockers) docker.settle();
  const heal = (which?: { ids?: Set<string>; name?: string }) =>
    healStrays(network, { host: "10.77.0.1" } as Connection, task, which);
  const looksAgain = () => (task.deadline.clock as TestClock).sleeps.filter((one) => one === 1_000).length;
  return { heal, task, looksAgain, said, network, dockers };
}

describe("an endpoint in the store that no host is seen to run", () => {
  it("is taken away once the engine that made it has said for ten seconds that it has no such container", async () => {
    const { heal, looksAgain, said, dockers } = await world("10.77.0.2");
    assert.deepEqual(await heal(), { healed: ["web"], others: [] });
    assert.equal(looksAgain(), 10);
    assert.deepEqual(
      dockers.map(({ mutations }) => mutations.length),
      [1, 0],
    );
    assert.deepEqual(said, [
      '10.77.0.1: healed "ov": took the endpoint of web away, which no host of the cluster runs any more',
    ]);
  });

  it("is left, and not waited for, where that engine was not asked", async () => {
    const { heal, looksAgain, dockers } = await world("10.77.0.9");
    const why = "it is of the engine at 10.77.0.9, which was not asked";
    assert.deepEqual(await heal(), { healed: [], others: [{ name: "web", why }] });
    assert.equal(looksAgain(), 0);
    assert.deepEqual(
      dockers.flatMap(({ mutations }) => mutations),
      [],
    );
  });

  it("counts as taken away where somebody else does that at the same moment", async () => {
    const { heal, dockers } = await world("10.77.0.2");
    dockers[0].networks.disconnect = async () => {
      throw refusal("10.77.0.1", "disconnect", 404, '{"message":"endpoint web not found"}');
    };
    assert.deepEqual(await heal(), { healed: ["web"], others: [] });
  });

  it("is left where it goes by itself in the meantime", async () => {
    const { heal, task, network, dockers } = await world("10.77.0.2");
    const { clock } = task.deadline;
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      if (milliseconds === 1_000) network.Containers = {};
    };
    assert.deepEqual(await heal(), { healed: [], others: [] });
    assert.deepEqual(
      dockers.flatMap(({ mutations }) => mutations),
      [],
    );
  });

  it("is none of who asks for others", async () => {
    const { heal } = await world("10.77.0.2");
    assert.deepEqual(await heal({ ids: new Set(["e2"]) }), { healed: [], others: [] });
    assert.deepEqual(await heal({ name: "db" }), { healed: [], others: [] });
  });
});
