import assert from "node:assert/strict";
import { CrosshostError } from "../../../provider/errors";
import { LostConnection } from "../../../provider/lostConnection";
import type { Connection } from "../../../provider/ssh/connection";
import { Deadline } from "../../../provider/wait";
import { entry, type MeshWorldOptions, meshWorld } from "../../helpers/meshWorld";

/** Containers a on host 1, b and c on host 2, of which nobody answers others; what the hosts' namespaces show, by host. */
async function silent(
  shown: Record<string, string>,
  { looks = 2, ...more }: MeshWorldOptions & { looks?: number } = {},
) {
  const ownHost: Record<string, string> = {
    "10.200.0.1": "10.77.0.1",
    "10.200.0.2": "10.77.0.2",
    "10.200.0.3": "10.77.0.2",
  };
  const world = meshWorld({
    answers: (from, to) => ownHost[to] === from,
    entries: (from) => shown[from.at(-1)!] ?? "",
    ...more,
  });
  await world.join(1, "a");
  await world.join(2, "b");
  await world.join(2, "c");
  for (let i = 0; i < looks; i++) await world.mesh.look();
  const mend = (mayTouch = true) => world.mender.try(world.deadline, { mayTouch });
  const mutations = () => world.dockers.flatMap((docker) => docker.mutations);
  return { ...world, mend, mutations };
}

/** Everything right on host 2, and on host 1 of b and c. */
const RIGHT = { "1": entry(2, 2) + entry(3, 2), "2": entry(1, 1) };

describe("healing a network's dead ways", () => {
  it("puts one entry right where the host knows others, and nothing else", async () => {
    const { mend, corrected, mutations, said } = await silent({ ...RIGHT, "1": entry(3, 2) });
    await mend();
    assert.deepEqual(corrected, ["10.77.0.1: vxlan0 02:42:0a:c8:00:02 10.200.0.2 10.77.0.2"]);
    assert.deepEqual(mutations(), []);
    assert.deepEqual(said, [
      '10.77.0.1: healing "ov": its engine knows no neighbour 10.200.0.2; putting that entry right',
    ]);
  });

  it("touches nothing for a container that was removed, of which other hosts know no more", async () => {
    const { mesh, mender, join, dockers, deadline, corrected } = meshWorld({
      answers: (from, to) => from !== "10.77.0.2" && to !== "10.200.0.3",
      entries: (from) => (from === "10.77.0.1" ? entry(2, 3) : entry(1, 1)),
    });
    await join(1, "a");
    await join(3, "c");
    await mesh.look();
    const old = await join(2, "old");
    await mesh.look();
    await mender.tryStale();
    await dockers[1]!.containers.remove(old.container, { force: true });
    for (const docker of dockers) docker.settle();
    for (let i = 0; i < 3; i++) {
      await mesh.look();
      await mender.tryStale();
    }
    await mender.try(deadline, { mayTouch: true });
    assert.deepEqual([corrected, dockers.flatMap(({ mutations }) => mutations)], [[], []]);
  });

  it("touches nothing after a single glance, which a busy host may have missed", async () => {
    const { mend, corrected, mutations, mender } = await silent({ "1": "", "2": "" }, { looks: 1 });
    await mend();
    assert.deepEqual([corrected, mutations(), mender.steps], [[], [], 0]);
  });

  it("puts an entry right that leads to another host", async () => {
    const { mend, corrected } = await silent({ ...RIGHT, "2": entry(1, 3) });
    await mend();
    assert.deepEqual(corrected, ["10.77.0.2: vxlan0 02:42:0a:c8:00:01 10.200.0.1 10.77.0.1"]);
  });

  it("takes an entry away that leads from a host to where its own container was before", async () => {
    const { mend, corrected, said } = await silent({ ...RIGHT, "2": entry(1, 1) + entry(2, 3) });
    await mend();
    assert.deepEqual(corrected, ["10.77.0.2: vxlan0 02:42:0a:c8:00:02 10.200.0.2 "]);
    assert.deepEqual(said, [
      '10.77.0.2: healing "ov": its engine sends packets for 10.200.0.2, which it has itself, to 10.77.0.3; putting that entry right',
    ]);
  });

  it("corrects entries that lead elsewhere at once, and leaves those that may come yet for later", async () => {
    const { mender, corrected } = await silent({ "1": entry(3, 2), "2": entry(1, 3) });
    await mender.tryStale();
    assert.deepEqual([corrected, mender.steps], [["10.77.0.2: vxlan0 02:42:0a:c8:00:01 10.200.0.1 10.77.0.1"], 1]);
  });

  it("puts all entries of a host right at once, and looks for such entries once after each look", async () => {
    const { mesh, mender, corrected } = await silent({ ...RIGHT, "1": entry(2, 3) + entry(3, 3) });
    await Promise.all([mender.tryStale(), mender.tryStale()]);
    const both = "vxlan0 02:42:0a:c8:00:02 10.200.0.2 10.77.0.2 vxlan0 02:42:0a:c8:00:03 10.200.0.3 10.77.0.2";
    assert.deepEqual(corrected, [`10.77.0.1: ${both}`]);
    await mesh.look();
    await mender.tryStale();
    assert.deepEqual(corrected, [`10.77.0.1: ${both}`, `10.77.0.1: ${both}`]);
  });

  it("puts right for who joins what is known to lead elsewhere, before anything is sent, and asks for nothing", async () => {
    const { mesh, mender, corrected, join, asked, deadline } = await silent({
      "1": entry(3, 2) + entry(4, 1) + entry(5, 2),
      "2": entry(1, 3) + entry(4, 1),
    });
    await mender.tryStale();
    corrected.length = asked.length = 0;
    const joining = mesh.enter(await join(2, "d"), deadline)!;
    await mender.foresee(joining);
    // From the one that sends to itself, and from the container's own host, which looks for it elsewhere.
    assert.deepEqual(corrected.sort(), [
      "10.77.0.1: vxlan0 02:42:0a:c8:00:04 10.200.0.4 10.77.0.2",
      "10.77.0.2: vxlan0 02:42:0a:c8:00:04 10.200.0.4 ",
    ]);
    await mender.foresee(mesh.enter(await join(2, "e"), deadline)!);
    assert.equal(corrected.length, 2, "of that one everything is right");
    assert.deepEqual([asked, mender.steps], [[], 1]);
  });

  describe("foresees nothing", () => {
    const SHOWN = { "1": entry(3, 2) + entry(4, 3), "2": entry(1, 3) };
    const joining = async (options?: MeshWorldOptions, address = "10.200.0.4") => {
      const world = await silent(SHOWN, options);
      await world.join(3, "d", undefined, { address: "10.200.0.9" });
      await world.mender.tryStale();
      await world.mesh.look();
      world.corrected.length = 0;
      const subject = await world.join(2, "e", undefined, { address });
      const [shown] = Object.values(subject.shown!.endpoints);
      shown!.MacAddress = "02:42:0a:c8:00:04";
      return { ...world, endpoint: world.mesh.enter(subject, world.deadline)! };
    };

    it("but what leads elsewhere", async () => {
      const { mender, corrected, endpoint } = await joining();
      await mender.foresee(endpoint);
      assert.deepEqual(corrected, ["10.77.0.1: vxlan0 02:42:0a:c8:00:04 10.200.0.4 10.77.0.2"]);
      await mender.foresee(endpoint);
      assert.equal(corrected.length, 1, "what was put right is not known to be wrong any more");
    });

    it("of an address that another container has, whose entries may well be right", async () => {
      const { mender, corrected, endpoint } = await joining({}, "10.200.0.9");
      await mender.foresee(endpoint);
      assert.deepEqual(corrected, []);
    });

    it("that a host cannot put right, without failing for it", async () => {
      const { mender, corrected, endpoint, run } = await joining();
      const reached = await run.host({ host: "10.77.0.1" } as Connection, new Deadline(1_000));
      reached.run = async () => {
        throw new CrosshostError("put forwarding entries right: exit code 1", { code: "command-failed" });
      };
      await mender.foresee(endpoint);
      assert.deepEqual(corrected, []);
    });
  });

  it("makes a namespace anew that knows nobody", async () => {
    const { mend, corrected, mutations, said } = await silent({ ...RIGHT, "1": "10.200.0.2 dev vxlan0  FAILED\n" });
    await mend();
    assert.deepEqual(corrected, []);
    assert.equal(mutations().length, 2);
    assert.match(mutations()[0]!, /^disconnect container/);
    assert.match(mutations()[1]!, /^connect container/);
    assert.deepEqual(said, [
      '10.77.0.1: healing "ov": its engine knows no neighbour 10.200.0.3; connecting a (10.200.0.1) again at the same address',
    ]);
  });

  it("makes it anew in such a way that the engine shows the endpoint", async () => {
    const { mend, dockers } = await silent({ ...RIGHT, "1": "10.200.0.2 dev vxlan0  FAILED\n" });
    dockers[0]!.networks.hides = 1;
    await mend();
    const [a] = [...dockers[0]!.containersById.values()];
    assert.equal(a!.NetworkSettings.Networks.ov!.IPAddress, "10.200.0.1");
  });

  it("says who does not come back", async () => {
    const { mend, dockers, said } = await silent({ ...RIGHT, "1": "10.200.0.2 dev vxlan0  FAILED\n" });
    dockers[0]!.interrupt(/^connect/, new Error("no"));
    await assert.rejects(mend(), { message: "no" });
    assert.match(said.at(-1)!, /^warning: 10\.77\.0\.1: a could not be connected to "ov" again, and may be off it;/);
  });

  it("takes containers off by one way at a time", async () => {
    const { mend, mender, join, mesh, dockers } = await silent({ ...RIGHT, "2": "10.200.0.1 dev vxlan0  FAILED\n" });
    for (const name of ["d", "e"]) await join(3, name, undefined, { address: "10.200.0.9" });
    await mesh.look();
    const { networks } = dockers[2]!;
    const { disconnect } = networks;
    let go = () => {};
    const gone = new Promise<void>((resolve) => {
      go = resolve;
    });
    const held = new Promise<void>((resolve) => {
      networks.disconnect = async (...given) => {
        resolve();
        await gone;
        await disconnect.apply(networks, given);
      };
    });
    const separating = mender.separate();
    await held;
    const mending = mend();
    for (let i = 0; i < 100; i++) await Promise.resolve();
    assert.deepEqual(dockers[1]!.mutations, []);
    go();
    await Promise.all([separating, mending]);
    assert.ok(dockers[1]!.mutations.length > 0);
  });

  it("counts each thing that was done, and has an end", async () => {
    const { mend, mender, mutations } = await silent({ ...RIGHT, "1": entry(3, 2) });
    for (let i = 0; i < 20; i++) await mend();
    const { steps } = mender;
    await mend();
    assert.equal(mender.steps, steps);
    assert.ok(mutations().length > 0, "after the entries, what else there is was tried");
  });

  it("waits for an engine to join the gossip first, without touching anything, also where it may not", async () => {
    let looks = 0;
    const { mend, mutations, corrected, said, mender } = await silent(
      { ...RIGHT, "1": entry(3, 2) },
      { hasGossip: (host) => host !== "10.77.0.1" || ++looks > 5 },
    );
    await mend(false);
    assert.deepEqual(said, ["10.77.0.1: waiting for its engine to join the gossip on port 7946"]);
    assert.deepEqual([mutations(), corrected, mender.steps], [[], [], 1]);
    await mend(false);
    assert.deepEqual([mutations(), corrected, mender.steps], [[], [], 1]);
  });

  it("leaves a host out that is lost on the way, instead of failing for it", async () => {
    const { mend, mesh, mender, dockers, run } = await silent(RIGHT);
    dockers[1]!.engine.info = async () => {
      throw new LostConnection("host 10.77.0.2: ask the engine: the SSH connection was lost", undefined);
    };
    await mend();
    assert.deepEqual(
      [mender.steps, mesh.open(), mesh.roster.members.map(({ id }) => id)],
      [1, [], ["10.77.0.1", "10.77.0.3"]],
    );
    run.host = async () => {
      throw new LostConnection("host 10.77.0.2: cannot connect to port 22", undefined);
    };
    await mesh.look();
    assert.equal(mesh.roster.unreached.get("10.77.0.2"), "cannot connect to port 22");
  });
});
