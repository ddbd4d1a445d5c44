import assert from "node:assert/strict";
import { Lab } from "../../../lab";
import { IMAGES, KINDS, LabStore } from "../../../tools/store/labStore";
import { Watcher } from "../../../tools/store/watcher";

const ALL = [1, 2, 3];
const RUNNING = ["running", "running", "running"];

/** Each kind of store in the order a user lives it: one server, three, what befalls them, and the end. */
for (const kind of KINDS) {
  describe(`a store of ${kind}`, function () {
    this.timeout(180_000);
    let lab: Lab;
    let store: LabStore;
    const [image, another] = IMAGES[kind];
    const NETWORK = '{"name":"ov_net1"}';

    before(async () => {
      lab = await Lab.start({ hosts: 3, name: "quorum" });
      store = new LabStore(lab, kind);
      await store.pull(ALL);
    });
    after(async () => {
      await store.close();
      if (kind === "zookeeper" && !process.env.KEEP_LAB) await lab.stop();
    });

    it("is ready with one server, and again nothing is touched", async () => {
      const took = await store.up([1]);
      console.log(`      one server: ready after ${(took / 1000).toFixed(1)} s`);
      const before = await store.containers([1]);
      await store.up([1]);
      assert.deepEqual(await store.containers([1]), before);
      assert.deepEqual(await store.found(), ["running"]);
      await store.write("docker/network/v1.0/network/n1", NETWORK);
    });

    it("has an endpoint of Docker's taken out, and its count corrected unless that went on meanwhile", async () => {
      await store.write("docker/network/v1.0/endpoint/n1/e1", "{}");
      await store.write("docker/network/v1.0/endpoint_count/n1", '{"Count":1}');
      const asked = await store.openOn(1);
      assert.deepEqual(await asked.endpoints("n1"), ["e1"]);
      await asked.forgetEndpoint("n1", "e1");
      await asked.forgetEndpoint("n1", "e1");
      assert.deepEqual(await asked.endpoints("n1"), []);
      assert.equal(await asked.resetEndpointCount("n1", '{"Count":2}'), false);
      assert.equal(await asked.endpointCount("n1"), '{"Count":1}');
      assert.equal(await asked.resetEndpointCount("n1", '{"Count":1}'), true);
      assert.equal(await asked.endpointCount("n1"), '{"Count":0}');
      assert.equal(await asked.resetEndpointCount("n2", '{"Count":1}'), false);
    });

    it("listens on its host's address and on loopback alone", async () => {
      const own = [lab.host(1).address, "127.0.0.1"];
      const listening = await store.listeningOn(1);
      assert.ok(listening.length > 0);
      assert.deepEqual(
        listening.filter((address) => !own.includes(address)),
        [],
      );
    });

    it("refuses to be deleted with a network in it, and names that", async () => {
      await assert.rejects(store.destroy(), {
        message: 'the store "store" still has networks in it, which would be lost: ov_net1',
      });
      assert.deepEqual(await store.found(), ["running"]);
    });

    it("goes back to one server when it is cut as the second joins, with what was in it", async () => {
      await store.cutUp(ALL, { start: 2 });
      const [first, ...others] = (await store.found())!;
      // What ZooKeeper's first server is told at its start is all servers.
      assert.equal(first, kind === "zookeeper" ? "without a quorum" : "changing");
      assert.deepEqual(others, ["joining", "joining"]);
      await store.up([1]);
      assert.deepEqual(await store.found(), ["running"]);
      assert.deepEqual(await store.networksFrom(1), ["ov_net1"]);
      assert.deepEqual(await store.leftOver([2, 3]), []);
    });

    it("becomes one of three servers that has what was in it, also when it is cut as the second joins", async () => {
      await store.cutUp(ALL, { start: 2 });
      await store.up(ALL);
      assert.deepEqual(store.state?.serverStates.map(({ role }) => role).sort(), ["follower", "follower", "leader"]);
      assert.deepEqual(await store.found(), RUNNING);
      for (const host of ALL) assert.deepEqual(await store.networksFrom(host), ["ov_net1"]);
    });

    it("changes its image server by server, and takes writes all the while", async () => {
      const watcher = new Watcher(store);
      await store.up(ALL, { image: another });
      const longest = await watcher.stop();
      console.log(`      image update: the longest without a write ${(longest / 1000).toFixed(1)} s`);
      assert.ok(longest < 10_000, `no write for ${longest} ms`);
      for (const container of await store.containers(ALL)) assert.match(container, new RegExp(`${another} true$`));
      assert.deepEqual(await store.networksFrom(2), ["ov_net1"]);
    });

    it("comes through the loss of one of three while it is changed", async () => {
      const killed = store.docker(2, "kill", "store");
      await store.up(ALL, { image });
      await killed;
      for (const container of await store.containers(ALL)) assert.match(container, new RegExp(`${image} true$`));
      assert.deepEqual(await store.found(), RUNNING);
    });

    it("comes through restarts of every server, one by one", async () => {
      for (const host of ALL) await store.docker(host, "restart", "-t", "1", "store");
      await store.up(ALL);
      assert.deepEqual(await store.found(), RUNNING);
      assert.deepEqual(await store.networksFrom(1), ["ov_net1"]);
    });

    it("moves to another port server by server, with what was in it", async () => {
      await store.up(ALL, { port: 7500 });
      assert.match(store.state!.url, /:7500/);
      assert.deepEqual(await store.found(), RUNNING);
      assert.deepEqual(await store.networksFrom(3), ["ov_net1"]);
      await store.up(ALL);
      assert.deepEqual(await store.found(), RUNNING);
    });

    it("finds what is wrong with each server, and repairs it", async () => {
      await store.docker(2, "rm", "-f", "store");
      await store.docker(3, "stop", "-t", "1", "store");
      assert.deepEqual((await store.found())?.slice(1), ["its container is gone", "stopped"]);
      await store.up(ALL);
      await store.docker(3, "rm", "-f", "store");
      await store.docker(3, "volume", "rm", "store-data");
      const [first, second, third] = (await store.found())!;
      assert.deepEqual([first, second], ["running", "running"]);
      assert.match(third!, kind === "zookeeper" ? /^its data is gone: no volume store-data$/ : /^gone$/);
      await store.up(ALL);
      assert.deepEqual(await store.found(), RUNNING);
      assert.deepEqual(await store.networksFrom(3), ["ov_net1"]);
    });

    it("says so when nothing can tell any more what it had", async () => {
      const volumes = kind === "zookeeper" ? ["store-data", "store-data-log"] : ["store-data"];
      const hide = async (host: number) => {
        await store.docker(host, "rm", "-f", "store");
        await store.docker(host, "volume", "rm", ...volumes);
      };
      await hide(2);
      await store.docker(3, "stop", "-t", "1", "store");
      assert.deepEqual((await store.found())?.slice(1), ["gone", "stopped"]);
      await hide(3);
      const hosts = [2, 3].map((host) => lab.host(host).address).join(", ");
      await assert.rejects(store.up(ALL), {
        message: `the data of 2 of the 3 servers of "store" is gone (host ${hosts}), and the rest is no quorum: nothing can say what the store had`,
      });
    });

    it("is deleted with what is in it only by force, and leaves nothing", async () => {
      await assert.rejects(
        store.destroy(),
        /^CrosshostError: the store "store" cannot be asked whether networks are in it/,
      );
      await store.destroy({ forceDestroy: true });
      assert.deepEqual(await store.leftOver(ALL), []);
    });

    it("is made of three servers at once, and survives power losses", async () => {
      const took = await store.up(ALL);
      console.log(`      three servers: ready after ${(took / 1000).toFixed(1)} s`);
      await store.write("docker/network/v1.0/network/n1", NETWORK);
      await lab.host(1).reboot("powerLoss");
      await store.up(ALL);
      assert.deepEqual(await store.networksFrom(1), ["ov_net1"]);
      assert.deepEqual(await store.found(), RUNNING);
    });

    it("has all three servers again when it is cut as the second of two leaves, and that is what is wanted", async () => {
      await store.cutUp([2], { line: new RegExp(`${lab.host(3).address}: leaving`) });
      assert.deepEqual(await store.leftOver([1]), []);
      assert.deepEqual(
        store.state!.servers.map(({ status }) => status),
        ["leaving", "changing", "leaving"],
      );
      await store.up(ALL);
      assert.deepEqual(await store.found(), RUNNING);
      assert.deepEqual(await store.networksFrom(1), ["ov_net1"]);
    });

    it("lets servers go until one is left, which has everything, also when one of them is dead", async () => {
      await store.docker(3, "rm", "-f", "store");
      await store.up([2]);
      assert.deepEqual(await store.leftOver([1, 3]), []);
      assert.deepEqual(await store.networksFrom(2), ["ov_net1"]);
      assert.deepEqual(await store.found(), ["running"]);
    });

    it("leaves exactly its volumes where they are to be kept, and finds its networks in them again", async () => {
      await store.up([2], { keepDataOnDelete: true });
      await store.destroy();
      const volumes = kind === "zookeeper" ? ["volume store-data", "volume store-data-log"] : ["volume store-data"];
      assert.deepEqual(await store.leftOver(ALL), volumes);
      await store.up([2]);
      assert.deepEqual(await store.networksFrom(2), ["ov_net1"]);
      await store.destroy({ forceDestroy: true });
      assert.deepEqual(await store.leftOver(ALL), []);
    });
  });
}
