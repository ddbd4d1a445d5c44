import assert from "node:assert/strict";
import { macvlanNetwork } from "../../../../provider/resources/macvlanNetwork";
import type { MacvlanNetworkState } from "../../../../provider/resources/macvlanNetwork/inputs";
import type { FakeDocker } from "../../../helpers/fakeDocker";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked } from "../../../helpers/inputs";
import { lanHost } from "../../../helpers/lanHost";
import { containerOn, inputsWith, news, world } from "./world";

const SECOND = "10.77.0.2";

const addressOf = async (docker: FakeDocker, name: string) =>
  (await docker.containers.inspect(name)).NetworkSettings.Networks.lan?.IPAddress;

/** Puts another network in the place of ours, with our labels, as somebody does who knows them. */
async function remake(docker: FakeDocker, changed: { IPRange?: string; parent?: string; reserved?: boolean }) {
  const { Labels, IPAM } = await docker.networks.inspect("lan");
  const { AuxiliaryAddresses, ...config } = IPAM.Config![0]!;
  await docker.networks.remove("lan");
  await docker.networks.create({
    Name: "lan",
    Driver: "macvlan",
    IPAM: {
      Config: [
        {
          ...config,
          ...(changed.reserved === false ? {} : { AuxiliaryAddresses }),
          IPRange: changed.IPRange ?? config.IPRange,
        },
      ],
    },
    Options: { parent: changed.parent ?? "eth0" },
    Labels: Labels ?? {},
  });
}

describe("a LAN's network that is not as its plan though it has our labels", () => {
  for (const [what, changed, drift] of [
    ["has another range", { IPRange: "10.77.0.96/28" }, "its range is 10.77.0.96/28"],
    ["has another parent", { parent: "eth1" }, "its parent is eth1"],
    ["gives the shim's address away", { reserved: false }, "it does not keep 10.77.0.95 from containers"],
  ] as const) {
    it(`and ${what}, is found and made anew by update, with this stack's containers on it again`, async () => {
      const { one, two, said, create, task, settle, mutations } = world();
      const state = await create(inputsWith({ hostAccess: true }));
      await remake(two, changed);
      await containerOn(two, "web", "lab/dev/web");
      const found = (await macvlanNetwork.read(state, task()))!;
      assert.equal(found.plan[SECOND]?.drift, drift);
      const inputs = checked(macvlanNetwork, { ...news, hostAccess: true }, found);
      assert.deepEqual(macvlanNetwork.diff(found, inputs), { changes: true, replaces: [] });
      settle();
      const mended = await macvlanNetwork.update(found, inputs, task());
      assert.deepEqual(mutations().one, []);
      assert.ok(said.includes(`${SECOND}: making the network "lan" anew, since ${drift}, and connecting web again`));
      assert.deepEqual([mended.plan, mended.networkIds["10.77.0.1"]], [state.plan, state.networkIds["10.77.0.1"]]);
      const { NetworkID } = (await two.containers.inspect("web")).NetworkSettings.Networks.lan!;
      assert.equal(NetworkID, mended.networkIds[SECOND]);
      const { plan } = (await macvlanNetwork.read(mended, task()))!;
      assert.equal(plan[SECOND]?.drift, "the host's own way to its containers is gone");
      assert.deepEqual([...one.volumesByName, ...two.volumesByName], []);
    });
  }

  it("gives the containers new addresses where theirs were out of another's block, and no others", async () => {
    const { two, create, task } = world();
    const state = await create();
    await remake(two, { IPRange: "10.77.0.96/28" });
    for (const [name, address] of [
      ["theirs", "10.77.0.97"],
      ["own", "10.77.0.85"],
      ["outside", "10.77.0.200"],
    ] as const) {
      await containerOn(two, name, `lab/dev/${name}`, address);
    }
    const found = (await macvlanNetwork.read(state, task()))!;
    await macvlanNetwork.update(found, inputsWith(), task());
    assert.deepEqual([await addressOf(two, "own"), await addressOf(two, "outside")], ["10.77.0.85", "10.77.0.200"]);
    const other = await addressOf(two, "theirs");
    assert.ok(other !== undefined && other !== "10.77.0.97", other);
  });

  it("is left as it is where other people's containers are on it, which are named, before any host is touched", async () => {
    const { two, create, task, settle, mutations } = world();
    const state = await create();
    await remake(two, { IPRange: "10.77.0.96/28" });
    await containerOn(two, "theirs", "lab/prod/theirs");
    const found = (await macvlanNetwork.read(state, task()))!;
    settle();
    await assert.rejects(macvlanNetwork.update(found, inputsWith(), task()), {
      message: `host ${SECOND}: the network "lan" cannot be removed: still on it: theirs (host ${SECOND})`,
    });
    assert.deepEqual(mutations(), { one: [], two: [] });
  });
});

describe("containers that were taken off a LAN's network to make it anew", () => {
  /** A network whose parent was gone when a refresh looked, with two containers on it. */
  async function lost() {
    const seen = world();
    const state = await seen.create();
    for (const name of ["web", "db"]) await containerOn(seen.two, name, `lab/dev/${name}`);
    const before = await Promise.all(["web", "db"].map((name) => addressOf(seen.two, name)));
    const { run } = fakeRun({
      "10.77.0.1": { docker: seen.one, host: lanHost("10.77.0.1") },
      [SECOND]: { docker: seen.two, host: lanHost(SECOND, { isBare: true }) },
    });
    const found = (await macvlanNetwork.read(state, fakeTask(run)))!;
    seen.settle();
    const update = (olds: MacvlanNetworkState) => macvlanNetwork.update(olds, inputsWith(), seen.task());
    const areBack = async () => {
      assert.deepEqual(await Promise.all(["web", "db"].map((name) => addressOf(seen.two, name))), before);
      assert.deepEqual([...seen.two.volumesByName], []);
    };
    return { ...seen, found, update, areBack };
  }

  for (const [when, call] of [
    ["before the first was taken off", /^disconnect/],
    ["before the network was removed", /^remove network/],
    ["before the network was made", /^create network/],
    ["before the first was connected again", /^connect/],
    ["before they were forgotten", /^remove volume/],
  ] as const) {
    it(`are connected again by the next run where the one before was killed ${when}`, async () => {
      const { two, said, found, update, areBack } = await lost();
      two.interrupt(call);
      await assert.rejects(update(found), { message: "interrupted" });
      assert.equal(two.volumesByName.size, 1);
      const mended = await update(found);
      await areBack();
      assert.deepEqual(mended.plan[SECOND], { parent: "eth0", ipRange: "10.77.0.80/28" });
      if (when === "before the network was made") {
        assert.ok(said.includes(`${SECOND}: connecting web, db to the network "lan" again`), said.join("\n"));
      }
    });
  }

  it("are left alone where they are gone by then", async () => {
    const { two, found, update } = await lost();
    two.interrupt(/^create network/);
    await assert.rejects(update(found), { message: "interrupted" });
    for (const name of ["web", "db"]) await two.containers.remove(name, { force: true });
    await update(found);
    assert.deepEqual([...two.volumesByName], []);
  });

  it("are forgotten when the network is deleted", async () => {
    const { two, found, task, update } = await lost();
    two.interrupt(/^create network/);
    await assert.rejects(update(found), { message: "interrupted" });
    await macvlanNetwork.delete(found, task());
    assert.deepEqual([...two.volumesByName], []);
  });
});
