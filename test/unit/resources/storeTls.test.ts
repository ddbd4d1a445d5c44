import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import type { StoreTls } from "../../../provider/kv/tls";
import { clusterMember } from "../../../provider/resources/clusterMember";
import { kvStore } from "../../../provider/resources/kvStore";
import type { Made } from "../../../provider/resources/kvStore/inputs";
import { kinds } from "../../../provider/resources/kvStore/kinds";
import { putTlsFiles, tlsPaths } from "../../../provider/resources/kvStore/tlsFiles";
import { canMeet } from "../../../provider/resources/shared/storeTls";
import { UNKNOWN } from "../../../provider/unknown";
import { Authority } from "../../helpers/certificates";
import { FakeDocker } from "../../helpers/fakeDocker";
import { checked, connectionTo, failuresOf, stateOf } from "../../helpers/inputs";

const hosts = ["10.77.0.1", "10.77.0.2", "10.77.0.3"];
const addresses = hosts.map((host) => `IP:${host}`);
const store = {
  owner: "lab/dev/store",
  name: "store",
  kind: "etcd",
  servers: hosts.map(() => ({})),
  connections: hosts.map((host) => connectionTo(host)),
};
const member = {
  owner: "lab/dev/member1",
  connection: connectionTo("10.77.0.1"),
  clusterStore: "etcd://10.77.0.1:2379",
  clusterAdvertise: "eth0:2376",
};

describe("certificates of a store", () => {
  let authority: Authority;
  let other: Authority;
  let tls: StoreTls;
  let next: StoreTls;

  before(async () => {
    [authority, other] = await Promise.all([Authority.create(), Authority.create()]);
    tls = await authority.issue(addresses);
    next = await authority.issue(addresses);
  });
  after(() => Promise.all([authority.remove(), other.remove()]));

  const reasons = (kind: typeof kvStore | typeof clusterMember, news: Record<string, unknown>) =>
    failuresOf(kind as typeof kvStore, news).map(({ reason }) => reason);

  it("are good for servers and engines, again and again", () => {
    assert.deepEqual(reasons(kvStore, { ...store, tls }), []);
    assert.deepEqual(reasons(clusterMember, { ...member, tls }), []);
    assert.deepEqual(checked(kvStore, { ...store, tls }), checked(kvStore, { ...store, tls }));
  });

  it("are refused where they are no certificates, with nothing of them shown", async () => {
    const encrypted = createPrivateKey(tls.key).export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "a passphrase",
    });
    const cases: [object, string][] = [
      [
        { ...tls, ca: "/etc/ca.pem" },
        "Expected `tls.ca` to be certificates in PEM, each from BEGIN CERTIFICATE to END CERTIFICATE",
      ],
      [
        { ...tls, cert: tls.key },
        "Expected `tls.cert` to be a certificate in PEM, from BEGIN CERTIFICATE to END CERTIFICATE",
      ],
      [{ ...tls, key: encrypted }, "Expected `tls.key` to be a private key in PEM, without a passphrase"],
      [{ ...tls, key: next.key }, "Expected `tls.key` to be the private key of `tls.cert`"],
      [{ ...tls, key: 5 }, "Expected `tls.key` to be a string"],
      [{ ca: tls.ca, cert: tls.cert }, "Expected `tls.key` to be given"],
      [
        { ...tls, ca: (await other.issue(addresses)).ca },
        "Expected `tls.cert` to be signed by a certificate of `tls.ca`",
      ],
    ];
    for (const [given, reason] of cases) {
      assert.deepEqual(reasons(kvStore, { ...store, tls: given }), [reason]);
      assert.deepEqual(reasons(clusterMember, { ...member, tls: given }), [reason]);
    }
  });

  it("are refused where they are not for a server's address", async () => {
    assert.deepEqual(reasons(kvStore, { ...store, tls: await authority.issue(addresses.slice(0, 2)) }), [
      "Expected `tls.cert` to be for 10.77.0.3, where a server listens; it is for: IP Address:10.77.0.1, IP Address:10.77.0.2",
    ]);
  });

  it("are refused where they are for one side only, which servers find out when they ask each other", async () => {
    const servers = await authority.issue(addresses, "serverAuth");
    const clients = await authority.issue(addresses, "clientAuth");
    const reason = (side: string) => `Expected \`tls.cert\` to be for ${side} (its extendedKeyUsage leaves them out)`;
    assert.deepEqual(reasons(kvStore, { ...store, tls: servers }), [reason("clients")]);
    assert.deepEqual(reasons(kvStore, { ...store, tls: clients }), [reason("servers")]);
    assert.deepEqual(reasons(clusterMember, { ...member, tls: servers }), [reason("clients")]);
    assert.deepEqual(reasons(clusterMember, { ...member, tls: clients }), []);
  });

  it("are refused for ZooKeeper, and beside options that name other files", () => {
    const reason = "Expected `tls` not to be given: Docker speaks to ZooKeeper without TLS only";
    assert.deepEqual(reasons(kvStore, { ...store, kind: "zookeeper", tls }), [reason]);
    assert.deepEqual(reasons(clusterMember, { ...member, clusterStore: "zk://10.77.0.1:2181", tls }), [reason]);
    const clusterStoreOpts = { "kv.cacertfile": "/a", "kv.certfile": "/b", "kv.keyfile": "/c" };
    assert.deepEqual(reasons(clusterMember, { ...member, tls, clusterStoreOpts }), [
      'Expected `clusterStoreOpts["kv.cacertfile"]` not to be given beside `tls`, which says where the files are',
    ]);
  });

  it("are put into each server's command by their place alone", () => {
    const inputs = checked(kvStore, { ...store, tls }) as Made;
    const { config } = kinds.etcd.container(inputs, inputs.servers[0]!);
    const { ca, cert, key } = tlsPaths(tls);
    for (const argument of [
      "--listen-client-urls=https://10.77.0.1:2379,https://127.0.0.1:2379",
      "--listen-peer-urls=https://10.77.0.1:2380",
      ...["--client-cert-auth", `--trusted-ca-file=${ca}`, `--cert-file=${cert}`, `--key-file=${key}`],
      ...[
        "--peer-client-cert-auth",
        `--peer-trusted-ca-file=${ca}`,
        `--peer-cert-file=${cert}`,
        `--peer-key-file=${key}`,
      ],
    ]) {
      assert.ok(config.Cmd?.includes(argument), argument);
    }
    assert.ok(!JSON.stringify(config).includes("BEGIN"));
  });

  it("give Consul's page another address", () => {
    assert.equal(checked(kvStore, { ...store, kind: "consul", tls }).uiUrl, "https://10.77.0.1:8500/ui/");
  });

  it("make servers anew when they change, and replace the store between none and some", () => {
    const outputs = { serverStates: [] };
    const diff = (olds: object, news: object) =>
      kvStore.diff(stateOf(checked(kvStore, { ...store, ...olds }), outputs), checked(kvStore, { ...store, ...news }));
    assert.deepEqual(diff({ tls }, { tls }), { changes: false, replaces: [] });
    assert.deepEqual(diff({ tls }, { tls: next }), { changes: true, replaces: [] });
    assert.deepEqual(diff({}, { tls }), { changes: true, replaces: ["tls"] });
    assert.deepEqual(diff({ tls }, {}), { changes: true, replaces: ["tls"] });
  });

  it("meet each other while both are valid and of authorities that both trust", async () => {
    const foreign = await other.issue(addresses);
    const both = { ...next, ca: `${next.ca}${foreign.ca}` };
    assert.equal(canMeet(tls, next), true);
    assert.equal(canMeet(tls, both), true);
    assert.equal(canMeet(both, { ...foreign, ca: both.ca }), true);
    assert.equal(canMeet(tls, foreign), false);
    assert.equal(canMeet(tls, { ...foreign, ca: both.ca }), false);
    const { now } = Date;
    Date.now = () => now() + 3 * 24 * 3600 * 1000;
    try {
      assert.equal(canMeet(tls, next), false);
      assert.match(reasons(kvStore, { ...store, tls })[0]!, /^Expected `tls.cert` to be valid still; it was until /);
    } finally {
      Date.now = now;
    }
  });

  it("belong to the user that the image runs its server as", async () => {
    const owners = async (user: string | undefined, passwd?: string) => {
      const docker = new FakeDocker({ images: ["consul:1.8.7"] });
      if (passwd !== undefined) docker.imageFiles.set("/etc/passwd", passwd);
      const { Id } = await docker.containers.create("store", { Image: "consul:1.8.7" });
      await putTlsFiles(docker, Id, tls, user);
      const header = docker.archives.get(Id)!.subarray(0, 512).toString("latin1");
      return [header.slice(108, 116), header.slice(116, 124)].map((number) => Number.parseInt(number, 8));
    };
    const passwd = "root:x:0:0:root:/root:/bin/sh\nconsul:x:100:1000::/home/consul:/bin/sh\n";
    assert.deepEqual(await owners("consul", passwd), [100, 1000]);
    assert.deepEqual(await owners("consul", "root:x:0:0:root:/root:/bin/sh\n"), [0, 0]);
    assert.deepEqual(await owners("consul"), [0, 0]);
    assert.deepEqual(await owners("7:8"), [7, 8]);
    assert.deepEqual(await owners(undefined, passwd), [0, 0]);
  });

  it("are files of the engine's options, in other places when they are others", () => {
    const options = (given: StoreTls) => checked(clusterMember, { ...member, tls: given }).clusterStoreOpts;
    assert.match(options(tls)["kv.keyfile"]!, /^\/etc\/docker\/crosshost-tls\/[0-9a-f]{12}\/key\.pem$/);
    assert.deepEqual(Object.keys(options(tls)).sort(), ["kv.cacertfile", "kv.certfile", "kv.keyfile"]);
    assert.deepEqual(options(tls), options({ ...tls }));
    assert.notDeepEqual(options(tls), options(next));
  });

  it("that are not known yet are nobody's mistake", () => {
    const inputs = checked(clusterMember, { ...member, tls: { ...tls, key: UNKNOWN } });
    assert.equal(inputs.clusterStoreOpts as unknown, UNKNOWN);
    assert.deepEqual(reasons(kvStore, { ...store, tls: UNKNOWN }), []);
  });
});
