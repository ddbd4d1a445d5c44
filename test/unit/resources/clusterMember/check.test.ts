import assert from "node:assert/strict";
import { clusterMember } from "../../../../provider/resources/clusterMember";
import { UNKNOWN } from "../../../../provider/unknown";
import { checked, connectionTo, failuresOf, stateOf } from "../../../helpers/inputs";

const news = {
  owner: "lab/dev/host1",
  connection: connectionTo("10.77.0.1"),
  clusterStore: "consul://10.77.0.1:8500",
  clusterAdvertise: "eth0:2376",
};
const check = (changed: object = {}) => checked(clusterMember, { ...news, ...changed });
const failures = (changed: object) => failuresOf(clusterMember, { ...news, ...changed });
const outputs = {
  engineVersion: "20.10.5",
  advertisedAddress: "10.77.0.1:2376",
  hostName: "host1",
  ownsDropInFolder: true,
  carriesStore: true,
};
const diff = (changed: object) => clusterMember.diff(stateOf(check(), outputs), check(changed));

describe("a ClusterMember's check", () => {
  it("fills in a connection's defaults and names the host beside it", () => {
    const { host, connection, joined } = check();
    assert.equal(host, "10.77.0.1");
    assert.equal(joined, true);
    const { privateKey: _, ...shown } = connection;
    assert.deepEqual(shown, { host: "10.77.0.1", user: "root", dialErrorLimit: 10, perDialTimeout: 15 });
  });

  it("comes to the same when it is given its own result's connection, as a member's output is", () => {
    const { connection } = check();
    assert.deepEqual(check({ connection }), check());
  });

  it("names the port of a host beside its address, where it is another than 22", () => {
    assert.equal(check({ connection: connectionTo("10.77.0.1", { port: 2222 }) }).host, "10.77.0.1:2222");
    assert.equal(check({ connection: connectionTo("fd00::1", { port: 2222 }) }).host, "[fd00::1]:2222");
  });

  it("takes an address with a port to advertise", () => {
    assert.equal(check({ clusterAdvertise: "10.77.0.1:2376" }).clusterAdvertise, "10.77.0.1:2376");
  });

  it("reports everything at once, each at its property", () => {
    const found = failures({
      clusterStore: "10.77.0.1:8500",
      clusterAdvertise: "eth0",
      connection: { host: "", port: 65_536, user: "", dialErrorLimit: -2, perDialTimeout: -1, hostKey: "ssh-dss AAAA" },
      members: 2,
    });
    assert.deepEqual(Object.fromEntries(found.map(({ property, reason }) => [property, reason])), {
      clusterStore: "Expected `clusterStore` to be a store's URL such as consul://10.77.0.1:8500, got `10.77.0.1:8500`",
      clusterAdvertise:
        "Expected `clusterAdvertise` to be an interface or an IPv4 address with a port, such as eth0:2376, got `eth0`",
      "connection.host": "Expected `connection.host` to be a host name or an address, got ``",
      "connection.port": "Expected `connection.port` to be a port, 1 to 65535, got `65536`",
      "connection.user": "Expected `connection.user` to be a user's name, got ``",
      "connection.dialErrorLimit": "Expected `connection.dialErrorLimit` to be -1 or more, got `-2`",
      "connection.perDialTimeout": "Expected `connection.perDialTimeout` to be 0 or more, got `-1`",
      "connection.hostKey":
        'Expected `connection.hostKey` to be a public key as in known_hosts, such as "ssh-ed25519 AAAA…", got `ssh-dss AAAA`',
      members:
        "Unknown property `members` (there are: timeouts, skipUnreachableHosts, adopt, connection, clusterStore, clusterAdvertise, clusterStoreOpts, tls, via, apply, bootRepair)",
    });
  });

  it("takes stores of every kind, and several servers of those that engines know several of", () => {
    for (const clusterStore of [
      "etcd://10.77.0.1:2379",
      "etcd://10.77.0.1:2379,10.77.0.2:2379",
      "zk://a:2181,b:2181/lab",
    ]) {
      assert.deepEqual(failures({ clusterStore }), []);
    }
    assert.deepEqual(failures({ clusterStore: "consul://10.77.0.1:8500,10.77.0.2:8500" }), [
      {
        property: "clusterStore",
        reason:
          "Expected `clusterStore` to have one server only: engines take several of etcd (etcd://…) and ZooKeeper (zk://…), but not of Consul, got `consul://10.77.0.1:8500,10.77.0.2:8500`",
      },
    ]);
  });

  it("refuses a port to advertise that is none", () => {
    for (const clusterAdvertise of ["eth0:0", "eth0:65536", "eth0:99999"]) {
      assert.deepEqual(
        failures({ clusterAdvertise }).map(({ property }) => property),
        ["clusterAdvertise"],
        clusterAdvertise,
      );
    }
  });

  it("lets pass what is not known yet, in every position", () => {
    for (const changed of [
      { connection: UNKNOWN },
      { connection: connectionTo(UNKNOWN) },
      { connection: connectionTo("10.77.0.1", { port: UNKNOWN }) },
    ]) {
      assert.equal(check(changed).host, UNKNOWN, JSON.stringify(changed));
    }
    assert.equal(check({ clusterStore: UNKNOWN }).clusterStore, UNKNOWN);
    assert.equal(check({ clusterAdvertise: UNKNOWN }).clusterAdvertise, UNKNOWN);
  });
});

describe("a ClusterMember's diff", () => {
  const update = { changes: true, replaces: [] };

  it("is nothing when nothing changed", () => {
    assert.deepEqual(diff({}), { changes: false, replaces: [] });
    assert.deepEqual(diff({ owner: "lab/prod/a" }), { changes: false, replaces: [] });
    assert.deepEqual(diff({ timeouts: { update: "1m" } }), { changes: true, replaces: [] });
    assert.deepEqual(diff({ skipUnreachableHosts: true }), { changes: true, replaces: [] });
  });

  it("is an update for another store, another interface or another credential", () => {
    assert.deepEqual(diff({ clusterStore: "consul://10.77.0.2:8500" }), update);
    assert.deepEqual(diff({ clusterAdvertise: "eth1:2376" }), update);
    assert.deepEqual(diff({ connection: connectionTo("10.77.0.1", { user: "admin" }) }), update);
  });

  it("is a replacement for another host", () => {
    assert.deepEqual(diff({ connection: connectionTo("10.77.0.2") }), { changes: true, replaces: ["host"] });
    assert.deepEqual(diff({ connection: connectionTo("10.77.0.1", { port: 2222 }) }), {
      changes: true,
      replaces: ["host"],
    });
  });

  it("is an update for a host that was found outside its cluster", () => {
    assert.deepEqual(clusterMember.diff(stateOf({ ...check(), joined: false }, outputs), check()), update);
    const drifted = { ...check(), clusterStore: "", clusterAdvertise: "" };
    assert.deepEqual(clusterMember.diff(stateOf(drifted, outputs), check()), update);
  });

  it("is a replacement when its store or its connection is being replaced, and an update when only a part is unknown", () => {
    assert.deepEqual(diff({ clusterStore: UNKNOWN }), { changes: true, replaces: ["clusterStore"] });
    assert.deepEqual(diff({ connection: UNKNOWN }).replaces, ["connection"]);
    assert.deepEqual(diff({ connection: connectionTo("10.77.0.1", { privateKey: UNKNOWN }) }), update);
    assert.deepEqual(diff({ connection: connectionTo(UNKNOWN) }), update);
  });
});
