import assert from "node:assert/strict";
import { kvStore } from "../../../../provider/resources/kvStore";
import type { KVStoreInputs, KVStoreState } from "../../../../provider/resources/kvStore/inputs";
import { UNKNOWN } from "../../../../provider/unknown";
import { checked, connectionTo, failuresOf, stateOf } from "../../../helpers/inputs";

const news = {
  owner: "lab/dev/consul",
  name: "consul",
  kind: "consul",
  servers: [{ bindInterface: "eth0" }],
  connections: [connectionTo("10.77.0.1")],
};
const threeOf = (kind: string, hosts = ["10.77.0.1", "10.77.0.2", "10.77.0.3"]) => ({
  kind,
  servers: hosts.map(() => ({})),
  connections: hosts.map((host) => connectionTo(host)),
});
const check = (changed: object = {}) => checked(kvStore, { ...news, ...changed });
const failures = (changed: object) => failuresOf(kvStore, { ...news, ...changed });
const outputs = { serverStates: [{ address: "10.77.0.1", role: "leader" as const, containerId: "c1" }] };
const diff = (changed: object) => kvStore.diff(stateOf(check(), outputs), check(changed));

describe("a KVStore's check", () => {
  it("completes what every preview is to know", () => {
    const { servers, url, uiUrl, dataVolume, image } = check();
    assert.deepEqual(
      { servers, url, uiUrl, dataVolume, image },
      {
        servers: [
          {
            bindInterface: "eth0",
            host: "10.77.0.1",
            address: "10.77.0.1",
            id: 1,
            url: "consul://10.77.0.1:8500",
            status: "running",
          },
        ],
        url: "consul://10.77.0.1:8500",
        uiUrl: "http://10.77.0.1:8500/ui/",
        dataVolume: "consul-data",
        image: "consul:1.8.7",
      },
    );
  });

  it("comes to the same when it is asked again", () => {
    assert.deepEqual(check(), check());
  });

  it("takes an address where the host has a name, or another port", () => {
    const { servers, url } = check({
      servers: [{ address: "10.77.0.1" }],
      connections: [connectionTo("host1.lab", { port: 2222 })],
    });
    assert.deepEqual(
      servers.map(({ host, address }) => ({ host, address })),
      [{ host: "host1.lab:2222", address: "10.77.0.1" }],
    );
    assert.equal(url, "consul://10.77.0.1:8500");
    assert.equal(check({ connections: [connectionTo("10.77.0.1", { port: 2222 })] }).url, "consul://10.77.0.1:8500");
  });

  it("asks for an address where the host is a name", () => {
    assert.deepEqual(failures({ connections: [connectionTo("host1.lab")] }), [
      {
        property: "servers[0].address",
        reason:
          "Expected `servers[0].address` to be given, since engines need an IPv4 address and `servers[0].connection.host` is none, got `host1.lab`",
      },
    ]);
  });

  it("reports everything at once, each at its property", () => {
    const found = failures({
      kind: "redis",
      name: "-",
      image: "",
      colour: "red",
      servers: [{ bindInterface: "an interface that is long", address: "10.1" }],
      connections: [connectionTo("10.77.0.1", { port: 0 })],
      timeouts: { create: "soon" },
    });
    assert.deepEqual(Object.fromEntries(found.map(({ property, reason }) => [property, reason])), {
      kind: 'Expected `kind` to be "consul", "etcd" or "zookeeper", got `redis`',
      name: "Expected `name` to be a Docker name: 2 to 255 letters, digits, dots, underscores or hyphens, the first a letter or digit, got `-`",
      image: "Expected `image` not to be empty, got ``",
      colour:
        "Unknown property `colour` (there are: timeouts, skipUnreachableHosts, name, kind, image, servers, reachableFrom, url, port, dataVolume, tls, environment, extraArguments, labels, keepDataOnDelete, forceDestroy)",
      "servers[0].bindInterface":
        "Expected `servers[0].bindInterface` to be the name of a network interface, got `an interface that is long`",
      "servers[0].address": "Expected `servers[0].address` to be an IPv4 address, got `10.1`",
      "servers[0].connection.port": "Expected `servers[0].connection.port` to be a port, 1 to 65535, got `0`",
      "timeouts.create": 'Expected `timeouts.create` to be a duration such as "90s" or "5m", got `soon`',
    });
  });

  it("takes an odd number of servers, and says why", () => {
    for (const number of [0, 2, 4, 7]) {
      const hosts = Array.from({ length: number }, (_, i) => `10.77.0.${i + 1}`);
      const [failure] = failures({
        servers: hosts.map(() => ({})),
        connections: hosts.map((host) => connectionTo(host)),
      });
      assert.equal(failure?.property, "servers");
      assert.match(
        failure.reason,
        /^Expected `servers` to have 1, 3 or 5 servers: more than half of them have to be there, so an even number survives no more failures than one server less/,
      );
    }
  });

  it("takes each host once", () => {
    const [failure] = failures(threeOf("etcd", ["10.77.0.1", "10.77.0.2", "10.77.0.1"]));
    assert.equal(
      failure?.reason,
      "Expected `servers[2].connection.host` to be another host than `servers[0].connection.host`, got `10.77.0.1`",
    );
  });

  it("knows every kind's URL, and which of its servers are in it", () => {
    const urls = (kind: string) => {
      const { url, uiUrl, servers } = check(threeOf(kind));
      return { url, uiUrl, ofOne: servers[1]?.url };
    };
    assert.deepEqual(urls("consul"), {
      url: "consul://10.77.0.1:8500",
      uiUrl: "http://10.77.0.1:8500/ui/",
      ofOne: "consul://10.77.0.2:8500",
    });
    assert.deepEqual(urls("etcd"), {
      url: "etcd://10.77.0.1:2379,10.77.0.2:2379,10.77.0.3:2379",
      uiUrl: undefined,
      ofOne: "etcd://10.77.0.2:2379",
    });
    assert.deepEqual(urls("zookeeper"), {
      url: "zk://10.77.0.1:2181,10.77.0.2:2181,10.77.0.3:2181",
      uiUrl: undefined,
      ofOne: "zk://10.77.0.2:2181",
    });
    assert.equal(check({ ...threeOf("etcd"), port: 12379 }).servers[2]?.url, "etcd://10.77.0.3:12379");
  });

  it("has an image for each kind, and refuses an etcd without the API that engines speak", () => {
    const image = (kind: string, given?: string) => check({ kind, image: given }).image;
    assert.deepEqual(
      ["consul", "etcd", "zookeeper"].map((kind) => image(kind)),
      ["consul:1.8.7", "quay.io/coreos/etcd:v3.3.25", "zookeeper:3.4.13"],
    );
    assert.equal(image("etcd", "registry:5000/etcd:v3.5.21"), "registry:5000/etcd:v3.5.21");
    assert.equal(image("etcd", "registry:5000/etcd"), "registry:5000/etcd");
    assert.deepEqual(failures({ kind: "etcd", image: "quay.io/coreos/etcd:v3.6.1" }), [
      {
        property: "image",
        reason:
          "Expected `image` to be an etcd up to 3.5: engines speak its keys API of version 2, which etcd 3.6 no longer has, got `quay.io/coreos/etcd:v3.6.1`",
      },
    ]);
  });

  it("gives a server a number that stays its own as others come and go", () => {
    const numbers = (hosts: string[], olds: object) => {
      const inputs = checked(kvStore, { ...news, ...threeOf("zookeeper", hosts) }, olds);
      return inputs.servers.map(({ host, id }) => [host, id]);
    };
    const first = check(threeOf("zookeeper"));
    assert.deepEqual(numbers(["10.77.0.3", "10.77.0.4", "10.77.0.1"], first), [
      ["10.77.0.3", 3],
      ["10.77.0.4", 4],
      ["10.77.0.1", 1],
    ]);
    // State of the first version has no numbers.
    const old = { servers: [{ host: "10.77.0.2", address: "10.77.0.2" }] } as unknown as Partial<KVStoreInputs>;
    assert.deepEqual(numbers(["10.77.0.1", "10.77.0.2", "10.77.0.3"], old), [
      ["10.77.0.1", 2],
      ["10.77.0.2", 1],
      ["10.77.0.3", 3],
    ]);
  });

  it("takes a store that is there already, with hosts to ask it from", () => {
    const found = { servers: undefined, connections: undefined, clientConnections: [connectionTo("10.77.0.1")] };
    const { url, servers, reachableFrom, answers, uiUrl } = check({ ...found, url: "consul://10.0.0.9:8500/lab" });
    assert.deepEqual(
      { url, servers, reachableFrom, answers, uiUrl },
      {
        url: "consul://10.0.0.9:8500/lab",
        servers: [],
        reachableFrom: ["10.77.0.1"],
        answers: true,
        uiUrl: undefined,
      },
    );
    const reasons = (changed: object) => failures({ ...found, ...changed }).map(({ reason }) => reason);
    assert.deepEqual(reasons({ url: "etcd://10.0.0.9:2379" }), [
      'Expected `url` to begin with consul://, as `kind` is "consul", got `etcd://10.0.0.9:2379`',
    ]);
    assert.deepEqual(reasons({ url: "consul://a:1,b:1" }), [
      "Expected `url` to have one server only, since engines take no more of a Consul, got `consul://a:1,b:1`",
    ]);
    assert.deepEqual(reasons({ url: "consul://a:1", image: "consul:1.8.7", port: 1 }), [
      "Expected `image` not to be given beside `url`: nothing is made then",
      "Expected `port` not to be given beside `url`: nothing is made then",
    ]);
    assert.deepEqual(reasons({ url: "consul://a:1", clientConnections: undefined }), [
      "Expected `reachableFrom` to be given beside `url`: hosts that the store is asked from",
    ]);
    assert.deepEqual(reasons({ url: "consul://a:1", clientConnections: [connectionTo("h", { port: 0 })] }), [
      "Expected `reachableFrom[0].port` to be a port, 1 to 65535, got `0`",
    ]);
    assert.deepEqual(
      failures({ url: "consul://a:1" }).map(({ reason }) => reason)[0],
      "Expected `url` not to be given beside `servers`: a store is made here or is there already",
    );
  });

  it("names what is missing", () => {
    assert.deepEqual(
      failuresOf(kvStore, { owner: "lab/dev/consul" }).map(({ reason }) => reason),
      [
        "Expected `name` to be given",
        "Expected `kind` to be given",
        "Expected `servers` to be given, or `url` for a store that is there already",
      ],
    );
  });

  const unknowns: [string, object][] = [
    ["servers", { servers: UNKNOWN }],
    ["one server", { servers: [UNKNOWN], connections: [UNKNOWN] }],
    ["connections", { connections: UNKNOWN }],
    ["a connection", { connections: [UNKNOWN] }],
    ["a host", { connections: [connectionTo(UNKNOWN)] }],
    ["a port", { connections: [connectionTo("10.77.0.1", { port: UNKNOWN })] }],
    ["an address", { servers: [{ address: UNKNOWN }] }],
  ];
  for (const [what, changed] of unknowns) {
    it(`knows no URL while ${what} is not known`, () => {
      const { url, uiUrl } = check(changed);
      assert.deepEqual({ url, uiUrl }, { url: UNKNOWN, uiUrl: UNKNOWN });
    });
  }

  it("knows the URL while an interface, the image or the name is not known", () => {
    assert.equal(check({ servers: [{ bindInterface: UNKNOWN }] }).url, "consul://10.77.0.1:8500");
    assert.equal(check({ image: UNKNOWN }).url, "consul://10.77.0.1:8500");
    assert.deepEqual(
      [check({ name: UNKNOWN }).url, check({ name: UNKNOWN }).dataVolume],
      ["consul://10.77.0.1:8500", UNKNOWN],
    );
  });
});

describe("a KVStore's diff", () => {
  it("is nothing when nothing changed, also after a refresh", () => {
    assert.deepEqual(diff({}), { changes: false, replaces: [] });
    assert.deepEqual(diff({ owner: "lab/prod/a" }), { changes: false, replaces: [] });
    assert.deepEqual(diff({ timeouts: { create: "10m" } }), { changes: true, replaces: [] });
    assert.deepEqual(diff({ skipUnreachableHosts: true }), { changes: true, replaces: [] });
  });

  it("is one update for a new version of the image", () => {
    assert.deepEqual(diff({ image: "consul:1.9.17" }), { changes: true, replaces: [] });
  });

  it("is an update for a new credential", () => {
    assert.deepEqual(diff({ connections: [connectionTo("10.77.0.1", { privateKey: "another" })] }), {
      changes: true,
      replaces: [],
    });
  });

  it("is an update for a store that was found stopped", () => {
    const { servers, ...others } = check();
    const stopped: KVStoreInputs = { ...others, servers: servers.map((server) => ({ ...server, status: "stopped" })) };
    assert.deepEqual(kvStore.diff(stateOf(stopped, outputs), check()), { changes: true, replaces: [] });
  });

  it("is a replacement for another address or name", () => {
    assert.deepEqual(diff({ connections: [connectionTo("10.77.0.2")] }), { changes: true, replaces: ["servers"] });
    assert.deepEqual(diff({ servers: [{ address: "10.88.0.1" }] }), { changes: true, replaces: ["servers"] });
    assert.deepEqual(diff({ name: "store" }), { changes: true, replaces: ["name", "dataVolume"] });
  });

  it("is an update while a server that has the data stays, and a replacement where none does", () => {
    const three = check(threeOf("etcd"));
    const diffTo = (hosts: string[]) => {
      const inputs = checked(kvStore, { ...news, ...threeOf("etcd", hosts) }, three);
      return kvStore.diff(stateOf(three, outputs), inputs);
    };
    assert.deepEqual(diffTo(["10.77.0.1"]), { changes: true, replaces: [] });
    assert.deepEqual(diffTo(["10.77.0.4", "10.77.0.5", "10.77.0.3"]), { changes: true, replaces: [] });
    assert.deepEqual(diffTo(["10.77.0.4", "10.77.0.5", "10.77.0.6"]), { changes: true, replaces: ["servers"] });
    assert.deepEqual(diff({ port: 8501, labels: { a: "b" } }), { changes: true, replaces: [] });
    assert.deepEqual(diff({ kind: "etcd" }).replaces, ["kind"]);
  });

  it("is nothing for the state of the first version", () => {
    const { servers, clientConnections, ...others } = check();
    const old = {
      ...others,
      ...outputs,
      servers: servers.map(({ host, address, bindInterface }) => ({ host, address, bindInterface })),
      running: true,
    } as unknown as KVStoreState;
    assert.deepEqual(kvStore.diff(old, check()), { changes: false, replaces: [] });
    const stopped = { ...old, running: false } as KVStoreState;
    assert.deepEqual(kvStore.diff(stopped, check()), { changes: true, replaces: [] });
  });

  it("is a replacement when its connections come from a resource that is replaced", () => {
    const news = { ...check(), connections: UNKNOWN as unknown as KVStoreInputs["connections"] };
    assert.deepEqual(kvStore.diff(stateOf(check(), outputs), news), { changes: true, replaces: ["connections"] });
  });

  it("is an update while something inside is not known", () => {
    assert.deepEqual(diff({ connections: [connectionTo(UNKNOWN)] }), { changes: true, replaces: [] });
  });
});
