import assert from "node:assert/strict";
import { kvStore } from "../../../../provider/resources/kvStore";
import type { KVStoreInputs } from "../../../../provider/resources/kvStore/inputs";
import { UNKNOWN } from "../../../../provider/unknown";
import { checked, connectionTo, failuresOf, stateOf } from "../../../helpers/inputs";

const news = {
  owner: "lab/dev/consul",
  name: "consul",
  kind: "consul",
  servers: [{ bindInterface: "eth0" }],
  connections: [connectionTo("10.77.0.1")],
};
const check = (changed: object = {}) => checked(kvStore, { ...news, ...changed });
const failures = (changed: object) => failuresOf(kvStore, { ...news, ...changed });
const outputs = { serverStates: [{ address: "10.77.0.1", role: "leader" as const, containerId: "c1" }] };
const diff = (changed: object) => kvStore.diff(stateOf(check(), outputs), check(changed));

describe("a KVStore's check", () => {
  it("completes what every preview is to know", () => {
    const { servers, url, uiUrl, dataVolume, image, running } = check();
    assert.deepEqual(
      { servers, url, uiUrl, dataVolume, image, running },
      {
        servers: [{ bindInterface: "eth0", host: "10.77.0.1", address: "10.77.0.1" }],
        url: "consul://10.77.0.1:8500",
        uiUrl: "http://10.77.0.1:8500/ui/",
        dataVolume: "consul-data",
        image: "consul:1.8.7",
        running: true,
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
    assert.deepEqual(servers, [{ host: "host1.lab:2222", address: "10.77.0.1" }]);
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
      kind: 'Expected `kind` to be "consul", got `redis`',
      name: "Expected `name` to be a Docker name: 2 to 255 letters, digits, dots, underscores or hyphens, the first a letter or digit, got `-`",
      image: "Expected `image` not to be empty, got ``",
      colour: "Unknown property `colour` (there are: timeouts, skipUnreachableHosts, name, kind, image, servers)",
      "servers[0].bindInterface":
        "Expected `servers[0].bindInterface` to be the name of a network interface, got `an interface that is long`",
      "servers[0].address": "Expected `servers[0].address` to be an IPv4 address, got `10.1`",
      "servers[0].connection.port": "Expected `servers[0].connection.port` to be a port, 1 to 65535, got `0`",
      "timeouts.create": 'Expected `timeouts.create` to be a duration such as "90s" or "5m", got `soon`',
    });
  });

  it("takes exactly one server", () => {
    for (const servers of [[], [{}, {}]]) {
      const [failure] = failures({ servers, connections: servers.map((_, i) => connectionTo(`10.77.0.${i + 1}`)) });
      assert.equal(failure?.property, "servers");
      assert.match(failure.reason, /^Expected `servers` to have exactly one server/);
    }
  });

  it("names what is missing", () => {
    assert.deepEqual(
      failuresOf(kvStore, { owner: "lab/dev/consul" }).map(({ reason }) => reason),
      ["Expected `name` to be given", "Expected `kind` to be given", "Expected `servers` to be given"],
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
    const stopped: KVStoreInputs = { ...check(), running: false };
    assert.deepEqual(kvStore.diff(stateOf(stopped, outputs), check()), { changes: true, replaces: [] });
  });

  it("is a replacement for another address or name", () => {
    assert.deepEqual(diff({ connections: [connectionTo("10.77.0.2")] }), { changes: true, replaces: ["url"] });
    assert.deepEqual(diff({ name: "store" }), { changes: true, replaces: ["name", "dataVolume"] });
  });

  it("is a replacement when its connections come from a resource that is replaced", () => {
    const news = { ...check(), connections: UNKNOWN as unknown as KVStoreInputs["connections"] };
    assert.deepEqual(kvStore.diff(stateOf(check(), outputs), news), { changes: true, replaces: ["connections"] });
  });

  it("is an update while something inside is not known", () => {
    assert.deepEqual(diff({ connections: [connectionTo(UNKNOWN)] }), { changes: true, replaces: [] });
  });
});
