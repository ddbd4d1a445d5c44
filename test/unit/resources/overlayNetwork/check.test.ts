import assert from "node:assert/strict";
import { overlayNetwork } from "../../../../provider/resources/overlayNetwork";
import { UNKNOWN } from "../../../../provider/unknown";
import { checked, connectionTo, failuresOf, stateOf } from "../../../helpers/inputs";

const news = {
  owner: "lab/dev/ov",
  name: "ov_net1",
  connections: [connectionTo("10.77.0.1"), connectionTo("10.77.0.2")],
  ipamConfigs: [{ subnet: "10.200.0.0/24" }],
};
const check = (changed: object = {}) => checked(overlayNetwork, { ...news, ...changed });
const failures = (changed: object) => failuresOf(overlayNetwork, { ...news, ...changed });
const diff = (changed: object) =>
  overlayNetwork.diff(stateOf(check(), { networkId: "n1", scope: "global" }), check(changed));

describe("an OverlayNetwork's check", () => {
  it("names the hosts beside their connections, and has no options or labels unless given", () => {
    const { hosts, options, labels } = check();
    assert.deepEqual({ hosts, options, labels }, { hosts: ["10.77.0.1", "10.77.0.2"], options: {}, labels: {} });
  });

  it("takes the host bits off a subnet", () => {
    assert.deepEqual(check({ ipamConfigs: [{ subnet: "10.200.0.9/24", ipRange: "10.200.0.77/26" }] }).ipamConfigs, [
      { subnet: "10.200.0.0/24", ipRange: "10.200.0.64/26" },
    ]);
  });

  it("sorts labels and options, so that their order means nothing", () => {
    assert.deepEqual(Object.keys(check({ labels: { b: "2", a: "1" }, options: { z: "1", y: "2" } }).labels), [
      "a",
      "b",
    ]);
  });

  it("comes to the same when it is asked again with its own result", () => {
    const { hosts: _, ...inputs } = check({ labels: { b: "2", a: "1" } });
    assert.deepEqual(checked(overlayNetwork, inputs), check({ labels: { a: "1", b: "2" } }));
  });

  it("reports everything at once, each at its property", () => {
    const found = failures({
      name: "x",
      ipamConfigs: [
        { subnet: "10.200.0.0", gateway: "10.200.0.256" },
        { subnet: "10.0.0.0/24", gateway: "10.0.1.1", x: 1 },
      ],
      connections: [connectionTo("10.77.0.1"), connectionTo("10.77.0.1")],
      labels: { a: 1 },
      driver: "bridge",
    });
    assert.deepEqual(Object.fromEntries(found.map(({ property, reason }) => [property, reason])), {
      name: "Expected `name` to be a Docker name: 2 to 255 letters, digits, dots, underscores or hyphens, the first a letter or digit, got `x`",
      "ipamConfigs[0].subnet":
        "Expected `ipamConfigs[0].subnet` to be a CIDR block such as 10.200.0.0/24, got `10.200.0.0`",
      "ipamConfigs[0].gateway": "Expected `ipamConfigs[0].gateway` to be an IPv4 address, got `10.200.0.256`",
      "ipamConfigs[1].gateway": "Expected `ipamConfigs[1].gateway` to lie in the subnet 10.0.0.0/24, got `10.0.1.1`",
      "ipamConfigs[1].x": "Unknown property `ipamConfigs[1].x`",
      "connections[1]": "Expected `connections[1]` to be another host than `connections[0]`, got `10.77.0.1`",
      "labels.a": "Expected `labels.a` to be a string, got `1`",
      driver:
        "Unknown property `driver` (there are: timeouts, skipUnreachableHosts, name, connections, ipamConfigs, options, labels)",
    });
  });

  it("wants a subnet, since Docker's own choice is not checked against the hosts' routes", () => {
    assert.deepEqual(failures({ ipamConfigs: [] }), [
      {
        property: "ipamConfigs",
        reason:
          "Expected `ipamConfigs` to have at least one entry: Docker's own default is not checked against the hosts' routes, got `[]`",
      },
    ]);
    assert.deepEqual(failures({ ipamConfigs: undefined }), [
      { property: "ipamConfigs", reason: "Expected `ipamConfigs` to be given" },
    ]);
  });

  it("wants a host", () => {
    assert.deepEqual(failures({ connections: [] }), [
      { property: "", reason: "Expected `connections` to have at least one host" },
    ]);
  });

  it("lets pass what is not known yet, in every position", () => {
    for (const changed of [
      { connections: UNKNOWN },
      { connections: [UNKNOWN, connectionTo(UNKNOWN)] },
      { ipamConfigs: UNKNOWN },
      { ipamConfigs: [UNKNOWN] },
      { ipamConfigs: [{ subnet: UNKNOWN, gateway: UNKNOWN, ipRange: UNKNOWN }] },
      { name: UNKNOWN, labels: UNKNOWN, options: { mtu: UNKNOWN } },
    ]) {
      check(changed);
    }
    assert.deepEqual(check({ connections: [connectionTo(UNKNOWN), connectionTo("10.77.0.2")] }).hosts, [
      UNKNOWN,
      "10.77.0.2",
    ]);
  });
});

describe("an OverlayNetwork's diff", () => {
  const update = { changes: true, replaces: [] };

  it("is nothing when nothing changed", () => {
    assert.deepEqual(diff({}), { changes: false, replaces: [] });
    assert.deepEqual(diff({ ipamConfigs: [{ subnet: "10.200.0.7/24" }] }), { changes: false, replaces: [] });
    assert.deepEqual(diff({ owner: "lab/prod/a" }), { changes: false, replaces: [] });
    assert.deepEqual(diff({ timeouts: { delete: "1m" } }), { changes: true, replaces: [] });
    assert.deepEqual(diff({ skipUnreachableHosts: true }), { changes: true, replaces: [] });
  });

  it("is a replacement for another subnet, name, option or label", () => {
    assert.deepEqual(diff({ ipamConfigs: [{ subnet: "10.201.0.0/24" }] }), {
      changes: true,
      replaces: ["ipamConfigs"],
    });
    assert.deepEqual(diff({ name: "ov_net2" }), { changes: true, replaces: ["name"] });
    assert.deepEqual(diff({ options: { a: "b" } }), { changes: true, replaces: ["options"] });
    assert.deepEqual(diff({ labels: { a: "b" } }), { changes: true, replaces: ["labels"] });
  });

  it("is an update for a host that comes or goes, and for a credential", () => {
    assert.deepEqual(diff({ connections: [connectionTo("10.77.0.1")] }), update);
    assert.deepEqual(diff({ connections: [...news.connections, connectionTo("10.77.0.3")] }), update);
    assert.deepEqual(
      diff({ connections: [connectionTo("10.77.0.1", { password: "x" }), news.connections[1]] }),
      update,
    );
  });

  it("is a replacement when its connections are unknown as a whole, and an update when one is", () => {
    assert.deepEqual(diff({ connections: UNKNOWN }), { changes: true, replaces: ["connections", "hosts"] });
    assert.deepEqual(diff({ connections: [UNKNOWN, news.connections[1]] }), update);
    assert.deepEqual(diff({ connections: [connectionTo(UNKNOWN), news.connections[1]] }), update);
  });
});
