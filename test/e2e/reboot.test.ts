import assert from "node:assert/strict";
import { Lab } from "../../lab";
import { EVERY_PACKET, pingTable } from "../../lab/packets";
import { type HostSnapshot, snapshot } from "../../lab/snapshot";
import { Deadline, waitFor } from "../../provider/wait";
import { changes, TestProgram } from "../helpers/twoHosts";

/** What a host that stops comes back to, with containers that are to run always. */
describe("a host of the cluster that stops", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  let original: HostSnapshot[];

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-reboot" });
    original = await Promise.all(lab.hosts.map(snapshot));
    program = await TestProgram.create(lab);
    await program.edit('image: "busybox:1.35"', 'image: "busybox:1.35", restart: "always"');
    await program.stack.up();
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
  });

  /** Waits until every packet arrives: the gossip needs a heartbeat on the store's host, and some more after a death. */
  async function everyPacketArrives(seconds: number): Promise<void> {
    const begun = performance.now();
    await waitFor(
      async () => {
        const table = await pingTable(lab).catch((error: Error) => ({ failed: error.message }));
        return JSON.stringify(table) === JSON.stringify(EVERY_PACKET)
          ? { done: true }
          : { seen: JSON.stringify(table) };
      },
      { what: "every packet to arrive", deadline: new Deadline(seconds * 1000) },
    );
    console.log(`      every packet arrives after ${Math.round((performance.now() - begun) / 1000)} s`);
  }

  /** Packets may find their way before an engine whose store was away has registered there again: one heartbeat more. */
  async function nothingHasDrifted(seconds: number): Promise<void> {
    await waitFor(
      async () => {
        const drift = changes(await program.stack.refresh());
        return Object.keys(drift).length === 0 ? { done: true } : { seen: JSON.stringify(drift) };
      },
      { what: "a refresh to find no drift", deadline: new Deadline(seconds * 1000) },
    );
  }

  for (const [number, what] of [
    [2, "host 2"],
    [1, "the store's host"],
  ] as const) {
    it(`is a member again after a reboot of ${what}, and its containers reach each other`, async () => {
      await lab.host(number).reboot("clean");
      await everyPacketArrives(120);
      assert.deepEqual(changes(await program.stack.refresh()), {});
    });
  }

  it("is found by a refresh after a power loss of host 2, and one up heals it by a restart of its engine", async () => {
    await lab.host(2).reboot("powerLoss");
    const { stdout } = await program.stack.up({ refresh: true });
    const line = `${lab.host(2).address}: restarting docker, which a power loss has left unable to bring containers`;
    assert.ok(stdout.includes(line), stdout);
    assert.deepEqual(await pingTable(lab), EVERY_PACKET, "from the moment that up has returned");
    assert.match((await program.stack.up({ refresh: true })).stdout, /8 unchanged/);
  });

  it("is found by a refresh after a power loss of the store's host, and one up heals it", async () => {
    await lab.host(1).reboot("powerLoss");
    await program.stack.up({ refresh: true });
    assert.deepEqual(await pingTable(lab), EVERY_PACKET, "from the moment that up has returned");
    assert.match((await program.stack.up({ refresh: true })).stdout, /8 unchanged/);
  });

  it("heals itself at boot after a power loss, where that is wanted", async () => {
    await program.edit("clusterAdvertise: ", "bootRepair: true, clusterAdvertise: ");
    const expected = { "ClusterMember host1": "update", "ClusterMember host2": "update" };
    assert.deepEqual(changes(await program.stack.up()), expected);
    await lab.host(2).reboot("powerLoss");
    await everyPacketArrives(120);
    const journal = ["journalctl", "-b", "-u", "crosshost-boot-repair", "-o", "cat", "--no-pager"];
    assert.match(
      (await lab.host(2).ssh(journal)).stdout,
      /containers cannot join their overlays since the power loss: restarting docker once/,
    );
    await Promise.all(lab.hosts.map((host) => host.reboot("powerLoss")));
    await everyPacketArrives(150);
    await nothingHasDrifted(60);
  });

  it("has nothing left of all that when it is destroyed", async () => {
    await program.stack.destroy();
    assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), original);
  });
});
