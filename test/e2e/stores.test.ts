import assert from "node:assert/strict";
import { Lab } from "../../lab";
import { pingTable } from "../../lab/packets";
import { type HostSnapshot, snapshot } from "../../lab/snapshot";
import type { StoreTls } from "../../provider/kv/tls";
import { Deadline, waitFor } from "../../provider/wait";
import { Authority } from "../helpers/certificates";
import { changes, order, TestProgram } from "../helpers/twoHosts";

const ONE_SERVER = 'servers: [{ connection: host1, bindInterface: "eth0" }],';
const THREE_SERVERS = 'servers: connections.map((connection) => ({ connection, bindInterface: "eth0" })),';

/** The example's cluster on three hosts, kept by a quorum of etcd and then by one of Consul, both over TLS. */
describe("the example on a quorum over TLS", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  let original: HostSnapshot[];
  let authority: Authority;
  let tls: StoreTls;

  const EVERYTHING = [
    "KVStore consul",
    "ClusterMember host1",
    "ClusterMember host2",
    "ClusterMember host3",
    "OverlayNetwork ov_net1",
    "MacvlanNetwork lan",
    "Container web1",
    "Container web2",
    "Container web3",
  ];
  const all = (operation: string) => Object.fromEntries(EVERYTHING.map((resource) => [resource, operation]));
  const lost = async () => {
    const table = await pingTable(lab);
    assert.equal(Object.keys(table).length, 12);
    return Object.entries(table).filter(([, received]) => received !== 3);
  };
  const store = (host: number, ...command: string[]) => lab.host(host).ssh(["docker", ...command, "consul"]);

  before(async () => {
    lab = await Lab.start({ hosts: 3, name: "e2e-stores" });
    original = await Promise.all(lab.hosts.map(snapshot));
    program = await TestProgram.create(lab);
    authority = await Authority.create();
    tls = await authority.issue(lab.hosts.map(({ address }) => `IP:${address}`));
    await program.write("tls.json", JSON.stringify(tls));
    await program.edit('kind: "consul",', 'kind: "etcd", image: "etcd:3.3.25", tls: require("./tls.json"),');
    await program.edit("clusterStore: store.url,", "clusterStore: store.url, tls: store.tls,");
    await program.edit(ONE_SERVER, THREE_SERVERS);
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
    await authority?.remove();
  });

  it("comes up on etcd, and every packet arrives", async () => {
    assert.deepEqual(changes(await program.stack.up()), all("create"));
    assert.deepEqual(await lost(), []);
    const { stdout } = await lab.host(2).ssh(["docker", "info", "-f", "{{.ClusterStore}}"]);
    const endpoints = lab.hosts.map(({ address }) => `${address}:2379`).join(",");
    assert.equal(stdout.trim(), `etcd://${endpoints}`);
  });

  it("changes nothing when it is run again, and has not drifted", async () => {
    assert.deepEqual(changes(await program.stack.up()), {});
    assert.deepEqual(changes(await program.stack.refresh()), {});
  });

  it("has the certificates' key nowhere in plain", async () => {
    const middle = tls.key.split("\n")[1]!;
    assert.ok(!(await program.stack.exportState()).includes(middle));
    assert.ok((await program.stack.exportState({ showSecrets: true })).includes(middle));
  });

  it("goes on without one of the three servers, and has it back by the next up with a refresh", async () => {
    await store(3, "kill");
    await program.edit(
      'new crosshost.OverlayNetwork("ov_net1", {',
      'new crosshost.OverlayNetwork("ov_net1", { labels: { team: "a" },',
    );
    await program.stack.up();
    assert.deepEqual(await lost(), []);
    const refresh = await program.stack.refresh({ args: ["--diff"] });
    assert.match(refresh.stdout, /status\s*: "running" => "stopped"/);
    assert.deepEqual(changes(await program.stack.up()), { "KVStore consul": "update" });
    assert.equal((await store(3, "inspect", "-f", "{{.State.Running}}")).stdout.trim(), "true");
  });

  it("updates the servers' image one after another as the one change there is", async () => {
    await program.edit('image: "etcd:3.3.25"', 'image: "etcd:3.3"');
    const expected = { "KVStore consul": "update" };
    assert.deepEqual(changes(await program.stack.preview()), expected);
    const run = await program.stack.up();
    assert.deepEqual(changes(run), expected);
    for (const { address } of lab.hosts) {
      assert.ok(run.stdout.includes(`${address}: making the server of "consul" anew`), address);
    }
    assert.deepEqual(await lost(), []);
  });

  it("keeps its networks when a host with a server is booted again", async () => {
    await lab.host(1).reboot("clean");
    await program.stack.up({ refresh: true });
    await waitFor<true>(
      async () => {
        const packets = await lost();
        return packets.length === 0 ? { done: true } : { seen: JSON.stringify(packets) };
      },
      { what: "every packet to arrive again", deadline: new Deadline(90_000) },
    );
  });

  it("moves to Consul by replacing everything that stands on the store, in order", async () => {
    await program.edit('kind: "etcd", image: "etcd:3.3",', 'kind: "consul",');
    const preview = changes(await program.stack.preview());
    assert.deepEqual(new Set(Object.keys(preview)), new Set(EVERYTHING));
    const inOrder = order(await program.stack.up());
    const at = (step: string) => {
      const index = inOrder.indexOf(step);
      assert.notEqual(index, -1, `${step} is not among ${inOrder.join(", ")}`);
      return index;
    };
    assert.ok(at("delete-replaced Container web1") < at("delete-replaced OverlayNetwork ov_net1"));
    assert.ok(at("delete-replaced OverlayNetwork ov_net1") < at("delete-replaced ClusterMember host1"));
    assert.ok(at("delete-replaced ClusterMember host1") < at("delete-replaced KVStore consul"));
    assert.deepEqual(await lost(), []);
    const { stdout } = await lab.host(2).ssh(["docker", "info", "-f", "{{.ClusterStore}}"]);
    assert.equal(stdout.trim(), `consul://${lab.host(1).address}:8500`);
    assert.deepEqual(changes(await program.stack.up()), {});
  });

  it("puts every host back as it was when it is destroyed", async () => {
    assert.deepEqual(changes(await program.stack.destroy()), all("delete"));
    assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), original);
  });
});
