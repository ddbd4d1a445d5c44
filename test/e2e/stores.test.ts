import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Lab } from "../../lab";
import { pingTable } from "../../lab/packets";
import { type HostSnapshot, snapshot } from "../../lab/snapshot";
import type { StoreTls } from "../../provider/kv/tls";
import { Deadline, waitFor } from "../../provider/wait";
import { ROOT } from "../../tools/stack";
import { Authority } from "../helpers/certificates";
import { changes, order, TestProgram } from "../helpers/twoHosts";

const example = (name: string) => readFile(join(ROOT, "examples", name, "index.ts"), "utf8");

/** The example of etcd on three hosts, which becomes that of a quorum of Consul, both with certificates. */
describe("the examples on a quorum over TLS", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  let original: HostSnapshot[];
  let authority: Authority;
  let tls: StoreTls;

  const EVERYTHING = [
    "KVStore etcd",
    "ClusterMember host1",
    "ClusterMember host2",
    "ClusterMember host3",
    "OverlayNetwork ov_net1",
    "Container web1",
    "Container web2",
    "Container web3",
  ];
  const all = (operation: string) => Object.fromEntries(EVERYTHING.map((resource) => [resource, operation]));
  const lost = async () => {
    const table = await pingTable(lab, ["ov_net1"]);
    assert.equal(Object.keys(table).length, 6);
    return Object.entries(table).filter(([, received]) => received !== 3);
  };
  const store = (host: number, ...command: string[]) => lab.host(host).ssh(["docker", ...command, "etcd"]);

  /** Adds them to the store of this kind, and to its members. */
  async function withCertificates(kind: string): Promise<void> {
    await program.edit(kind, `${kind} tls: require("./tls.json"),`);
    await program.edit('clusterAdvertise: "eth0:2376",', 'clusterAdvertise: "eth0:2376", tls: store.tls,');
  }

  before(async () => {
    lab = await Lab.start({ hosts: 3, name: "e2e-stores" });
    original = await Promise.all(lab.hosts.map(snapshot));
    program = await TestProgram.create(lab, await example("etcd"));
    authority = await Authority.create();
    tls = await authority.issue(lab.hosts.map(({ address }) => `IP:${address}`));
    await program.write("tls.json", JSON.stringify(tls));
    await withCertificates('kind: "etcd",');
    await program.stack.config("image", "etcd:3.3.25");
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
    assert.deepEqual(changes(await program.stack.up()), { "KVStore etcd": "update" });
    assert.equal((await store(3, "inspect", "-f", "{{.State.Running}}")).stdout.trim(), "true");
  });

  it("updates the servers' image one after another as the one change there is", async () => {
    await program.stack.config("image", "etcd:3.3");
    const expected = { "KVStore etcd": "update" };
    assert.deepEqual(changes(await program.stack.preview()), expected);
    const run = await program.stack.up();
    assert.deepEqual(changes(run), expected);
    for (const { address } of lab.hosts) {
      assert.ok(run.stdout.includes(`${address}: making the server of "etcd" anew`), address);
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

  it("becomes the one of Consul by replacing everything that stands on the store, in order", async () => {
    // With another name it would be another store, not another kind of this one.
    const text = await example("consul-quorum");
    await program.write("index.ts", text.replace('KVStore("consul"', 'KVStore("etcd"'));
    await withCertificates('kind: "consul",');
    await program.stack.config("image", "consul:1.8.7");
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
    assert.ok(at("delete-replaced ClusterMember host1") < at("delete-replaced KVStore etcd"));
    assert.deepEqual(await lost(), []);
    const { stdout } = await lab.host(2).ssh(["docker", "info", "-f", "{{.ClusterStore}}"]);
    assert.equal(stdout.trim(), `consul://${lab.host(2).address}:8500`);
    assert.deepEqual(changes(await program.stack.up()), {});
  });

  it("puts every host back as it was when it is destroyed", async () => {
    assert.deepEqual(changes(await program.stack.destroy()), all("delete"));
    assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), original);
  });
});
