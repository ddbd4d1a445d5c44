import assert from "node:assert/strict";
import { Lab } from "../../../lab";
import { type HostSnapshot, snapshot } from "../../../lab/snapshot";
import { openStore } from "../../../provider/kv/store";
import type { StoreTls } from "../../../provider/kv/tls";
import { clusterMember } from "../../../provider/resources/clusterMember";
import type { ClusterMemberInputs, ClusterMemberState } from "../../../provider/resources/clusterMember/inputs";
import { kvStore } from "../../../provider/resources/kvStore";
import type { KVStoreInputs, KVStoreState } from "../../../provider/resources/kvStore/inputs";
import { tlsPaths } from "../../../provider/resources/kvStore/tlsFiles";
import { Authority } from "../../helpers/certificates";
import { RealRun } from "../../helpers/realRun";

const FOLDER = "/etc/docker/crosshost-tls";

describe("a store that speaks TLS only, and an engine in it", function () {
  this.timeout(120_000);
  let lab: Lab;
  let run: RealRun;
  let authority: Authority;
  let other: Authority;
  let tls: StoreTls;
  let next: StoreTls;
  let store: KVStoreState;
  let member: ClusterMemberState;
  let original: HostSnapshot;

  const storeInputs = (given: StoreTls) =>
    run.checked<KVStoreInputs>(kvStore, {
      owner: "t/t/store",
      name: "store",
      kind: "consul",
      servers: [{ bindInterface: "eth0" }],
      connections: [run.connectionTo(lab.host(1))],
      tls: given,
    });
  const memberInputs = (given: StoreTls) =>
    run.checked<ClusterMemberInputs>(clusterMember, {
      owner: "t/t/host2",
      connection: run.connectionTo(lab.host(2)),
      clusterStore: store.url,
      clusterAdvertise: "eth0:2376",
      tls: given,
    });
  const on = async (host: number, ...command: string[]) => (await lab.host(host).ssh(command)).stdout.trim();
  const startOfDocker = () => on(2, "systemctl", "show", "-p", "ActiveEnterTimestampMonotonic", "docker.service");
  const leader = async (given?: StoreTls) => {
    const task = run.task();
    return openStore(store.url, await task.run.host(run.connectionTo(lab.host(2)), task.deadline), {
      tls: given,
    }).leader();
  };

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "store-tls" });
    run = new RealRun(lab);
    [authority, other] = await Promise.all([Authority.create(), Authority.create()]);
    const names = [`IP:${lab.host(1).address}`];
    tls = await authority.issue(names);
    next = await authority.issue(names);
    original = await snapshot(lab.host(2));
  });
  after(async () => {
    await run?.close();
    await lab?.stop();
    await Promise.all([authority?.remove(), other?.remove()]);
  });

  it("is ready, and answers nobody without a certificate of its authority", async () => {
    store = await kvStore.create(storeInputs(tls), run.task());
    assert.equal(store.uiUrl, `https://${lab.host(1).address}:8500/ui/`);
    assert.match((await leader(tls)) ?? "", /:8300$/);
    await assert.rejects(leader(), /HTTP 400: Client sent an HTTP request to an HTTPS server/);
    await assert.rejects(leader(await other.issue([`IP:${lab.host(1).address}`])), /no TLS with it: |alert/);
  });

  it("has its key where root alone can read it, and nowhere else", async () => {
    const path = tlsPaths(tls).key;
    assert.match(await on(1, "docker", "exec", "store", "ls", "-ln", path), /^-r-------- +1 0 +0 /);
    const secret = tls.key.split("\n")[1]!;
    assert.ok(!(await on(1, "docker", "inspect", "store")).includes(secret));
  });

  it("takes in an engine with its certificate, and again nothing is touched", async () => {
    member = await clusterMember.create(memberInputs(tls), run.task());
    assert.equal(await on(2, "docker", "info", "-f", "{{.ClusterStore}}"), store.url);
    assert.equal(await on(2, "stat", "-c", "%a %U", member.clusterStoreOpts["kv.keyfile"]!), "600 root");
    const before = await startOfDocker();
    member = await clusterMember.update(member, memberInputs(tls), run.task());
    assert.deepEqual(await clusterMember.read(member, run.task()), member);
    assert.equal(await startOfDocker(), before);
  });

  it("changes its certificates, and the engine's, which restarts once", async () => {
    store = await kvStore.update(store, storeInputs(next), run.task());
    assert.match((await leader(next)) ?? "", /:8300$/);
    const before = await startOfDocker();
    member = await clusterMember.update(member, memberInputs(next), run.task());
    assert.notEqual(await startOfDocker(), before);
    assert.equal(await on(2, "ls", FOLDER), member.clusterStoreOpts["kv.keyfile"]!.split("/").at(-2));
    assert.equal((await clusterMember.read(member, run.task()))?.joined, true);
  });

  it("finds out when somebody takes the engine's key away, and lays it there again with nothing restarted", async () => {
    const before = await startOfDocker();
    await on(2, "rm", member.clusterStoreOpts["kv.keyfile"]!);
    const found = await clusterMember.read(member, run.task());
    assert.equal(found?.configured, false);
    member = await clusterMember.update(found!, memberInputs(next), run.task());
    assert.equal((await clusterMember.read(member, run.task()))?.configured, true);
    assert.equal(await startOfDocker(), before);
  });

  it("refuses an engine whose certificate another authority has signed, with nothing touched on its host", async () => {
    const foreign = await other.issue(["DNS:engine"], "clientAuth");
    const before = await snapshot(lab.host(2));
    await assert.rejects(clusterMember.update(member, memberInputs(foreign), run.task(8_000)), {
      code: "not-ready",
      message:
        /^timed out after 8 s waiting for the store consul:\/\/\S+ as seen from host \S+ .*no TLS with it: unable to verify the first certificate$/,
    });
    assert.deepEqual(await snapshot(lab.host(2)), before);
  });

  it("leaves the host as it was when the engine leaves", async () => {
    await clusterMember.delete(member, run.task());
    assert.deepEqual(await snapshot(lab.host(2)), original);
  });

  it("takes certificates of another authority all at once, and keeps what it has", async () => {
    const foreign = await other.issue([`IP:${lab.host(1).address}`]);
    await assert.rejects(leader(foreign), /no TLS with it: /);
    run.said.length = 0;
    store = await kvStore.update(store, storeInputs(foreign), run.task());
    assert.match(run.said.join("\n"), /making the server of "store" anew together with all others: its certificate/);
    assert.match((await leader(foreign)) ?? "", /:8300$/);
    await kvStore.delete(store, run.task());
  });
});
