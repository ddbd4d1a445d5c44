import assert from "node:assert/strict";
import { Lab } from "../../../lab";
import { snapshot } from "../../../lab/snapshot";
import { CrosshostError } from "../../../provider/errors";
import { clusterMember } from "../../../provider/resources/clusterMember";
import type { ClusterMemberInputs } from "../../../provider/resources/clusterMember/inputs";
import { kvStore } from "../../../provider/resources/kvStore";
import type { KVStoreInputs, KVStoreState } from "../../../provider/resources/kvStore/inputs";
import { compare } from "../../../tools/hostCheck";
import { RealRun } from "../../helpers/realRun";

/** A store on host 1, which host 2 reaches and host 3 does not. */
describe("a store that one host reaches and another does not", function () {
  this.timeout("2m");
  let lab: Lab;
  let run: RealRun;
  let state: KVStoreState;
  let [host1, , host3] = ["", "", ""];

  before(async () => {
    lab = await Lab.start({ name: "integration-firewall", hosts: 3 });
    run = new RealRun(lab);
    [host1, , host3] = lab.hosts.map(({ address }) => address) as [string, string, string];
    await lab.host(3).firewall("tcp dport 2379 drop");
  });
  after(async () => {
    await run?.close();
    await lab?.stop();
  });

  const connections = (...hosts: number[]) => hosts.map((number) => run.connectionTo(lab.host(number)));
  const inputs = (servers: number[], reachableFrom: number[]) =>
    run.checked<KVStoreInputs>(kvStore, {
      ...{ owner: "t/t/store", name: "store", kind: "etcd", image: "etcd:3.3.25" },
      servers: servers.map(() => ({ bindInterface: "eth0" })),
      connections: connections(...servers),
      clientConnections: connections(...reachableFrom),
    });
  const isOutOfReach = (seconds: number) => (error: Error) => {
    const url = `etcd://${host1}:2379`;
    const start = `timed out after ${seconds} s waiting for the store ${url} as seen from host ${host3}; last seen: `;
    assert.equal(
      // A busy host may have taken the last of these seconds for what comes before.
      error.message.replace(`after ${seconds - 1} s`, `after ${seconds} s`),
      `${start}host ${host3}: the etcd at ${host1}:2379 could not be asked who leads it: no connection within 3 s`,
    );
    return true;
  };

  it("is said by name to be out of reach of a host in `reachableFrom`, and is ready for the others", async () => {
    const start = performance.now();
    await assert.rejects(kvStore.create(inputs([1], [2, 3]), run.task()), isOutOfReach(10));
    assert.ok(performance.now() - start < 60_000);
    state = await kvStore.create(inputs([1], [2]), run.task());
    assert.equal(state.serverStates[0]?.role, "leader");
  });

  it("is taken by its URL as one that is there already, over a host that reaches it, and is left there", async () => {
    const { url } = state;
    const found = run.checked<KVStoreInputs>(kvStore, {
      ...{ owner: "t/t/found", name: "found", kind: "etcd", url, clientConnections: connections(2) },
    });
    const taken = await kvStore.create(found, run.task());
    assert.equal((await kvStore.read(taken, run.task()))?.answers, true);
    await kvStore.delete(taken, run.task());
    assert.equal((await kvStore.read(state, run.task()))?.servers[0]?.status, "running");
    await lab.host(1).ssh(["docker", "stop", "-t", "1", "store"]);
    assert.equal((await kvStore.read(taken, run.task()))?.answers, false);
    state = await kvStore.update(state, inputs([1], [2]), run.task());
  });

  it("takes no member on that host, on which nothing is written", async () => {
    const before = await snapshot(lab.host(3));
    const task = run.task(5_000);
    const member = run.checked<ClusterMemberInputs>(clusterMember, {
      ...{ owner: "t/t/host3", connection: run.connectionTo(lab.host(3)) },
      ...{ clusterStore: state.url, clusterAdvertise: "eth0:2376" },
    });
    await assert.rejects(clusterMember.create(member, task), isOutOfReach(5));
    assert.equal(task.touched, false);
    assert.deepEqual(compare("host3", before, await snapshot(lab.host(3))), []);
    await kvStore.delete(state, run.task());
  });

  it("is given up early where the servers cannot reach each other, by hosts and port, and made where they can", async () => {
    await lab.host(3).firewall("tcp dport 2380 drop");
    const start = performance.now();
    await assert.rejects(kvStore.create(inputs([1, 2, 3], []), run.task()), ({ cause }: Error) => {
      assert.ok(cause instanceof CrosshostError);
      assert.match(
        cause.message,
        /^host (\S+): the server of the store at (?!\1:)\S+ listens on port 2380, and cannot be reached there: no connection within 3 s$/,
      );
      assert.deepEqual([cause.code, cause.hint], ["not-ready", "is there a firewall between the two hosts?"]);
      return true;
    });
    assert.ok(performance.now() - start < 60_000);
    await lab.host(3).firewall();
    state = await kvStore.create(inputs([1, 2, 3], []), run.task());
    assert.deepEqual(state.serverStates.map(({ role }) => role).sort(), ["follower", "follower", "leader"]);
    await kvStore.delete(state, run.task());
  });
});
