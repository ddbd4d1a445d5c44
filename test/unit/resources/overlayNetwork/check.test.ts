import assert from "node:assert/strict";
import { overlayNetwork } from "../../../../provider/resources/overlayNetwork";
import { UNKNOWN } from "../../../../provider/unknown";
import { fakeRun } from "../../../helpers/fakeRun";
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
        "Unknown property `driver` (there are: timeouts, skipUnreachableHosts, adopt, name, connections, ipamConfigs, ipamDriver, ipamOptions, options, labels, internal, attachable, mtu, vxlanId)",
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

  it("refuses what the key-value mode cannot do, with the reason", () => {
    const found = failures({
      ...{ encrypted: true, ingress: true, ipv6: true, scope: "swarm", options: { encrypted: "" } },
      ipamConfigs: [{ subnet: "fd00::/64" }, { subnet: "10.200.0.0/24" }],
    });
    const reasons = Object.fromEntries(found.map(({ property, reason }) => [property, reason]));
    const noKeys =
      "encryption needs Swarm's exchange of keys; with a key-value store no container could start on the network";
    const noIpv6 = "with a key-value store the overlay driver ignores IPv6, and containers would have no IPv6 address";
    assert.equal(reasons.encrypted, `Expected \`encrypted\` to be left out: ${noKeys}, got \`true\``);
    assert.equal(reasons["options.encrypted"], `Expected \`options.encrypted\` to be left out: ${noKeys}, got \`\``);
    assert.equal(reasons.ipv6, `Expected \`ipv6\` to be left out: ${noIpv6}, got \`true\``);
    assert.ok(
      found.some(
        ({ reason }) => reason === `Expected \`ipamConfigs[0].subnet\` to be of IPv4: ${noIpv6}, got \`fd00::/64\``,
      ),
    );
    assert.match(
      reasons.ingress!,
      /^Expected `ingress` to be left out: an ingress network is Swarm's own; .* never be removed/,
    );
    assert.match(reasons.scope!, /^Expected `scope` to be left out: it follows from the engine: .*, got `swarm`$/);
    assert.deepEqual(failures({ ingress: false, ipv6: false, encrypted: false }), []);
  });

  it("finds addresses that cannot be: outside of the subnet, its own, its broadcast's, the gateway's", () => {
    const at = (config: object) =>
      failures({ ipamConfigs: [{ subnet: "10.200.0.0/24", ...config }] }).map((f) => f.reason);
    const address = "ipamConfigs[0].auxAddress.a";
    assert.deepEqual(at({ gateway: "10.200.0.0" }), [
      "Expected `ipamConfigs[0].gateway` not to be the network's own or its broadcast address, got `10.200.0.0`",
    ]);
    assert.deepEqual(at({ auxAddress: { a: "10.200.1.1" } }), [
      `Expected \`${address}\` to lie in the subnet 10.200.0.0/24, got \`10.200.1.1\``,
    ]);
    assert.deepEqual(at({ auxAddress: { a: "10.200.0.255" } }), [
      `Expected \`${address}\` not to be the network's own or its broadcast address, got \`10.200.0.255\``,
    ]);
    assert.deepEqual(at({ gateway: "10.200.0.1", auxAddress: { a: "10.200.0.1" } }), [
      `Expected \`${address}\` to be another address than the gateway, got \`10.200.0.1\``,
    ]);
  });

  it("finds a network that is too small for its hosts", () => {
    const room = (config: object) => failures({ ipamConfigs: [config] }).map((f) => f.reason);
    const tooSmall = (count: number) =>
      `Expected \`ipamConfigs\` to have an address for a container on each of the 2 hosts, beside the gateway's; there is room for ${count}`;
    assert.deepEqual(room({ subnet: "10.200.0.0/32" }), [tooSmall(0)]);
    assert.deepEqual(room({ subnet: "10.200.0.0/30" }), [tooSmall(1)]);
    assert.deepEqual(
      room({
        subnet: "10.200.0.0/29",
        auxAddress: { a: "10.200.0.2", b: "10.200.0.3", c: "10.200.0.4", d: "10.200.0.5" },
      }),
      [tooSmall(1)],
    );
    assert.deepEqual(room({ subnet: "10.200.0.0/24", ipRange: "10.200.0.8/32", gateway: "10.200.0.1" }), [tooSmall(1)]);
    assert.deepEqual(room({ subnet: "10.200.0.0/29" }), []);
  });

  it("finds a subnet that another network of the program has on the same hosts", () => {
    const { run } = fakeRun({});
    overlayNetwork.check({}, { ...news, owner: "lab/dev/other", name: "other" }, run);
    assert.deepEqual(overlayNetwork.check({}, news, run).failures, [
      {
        property: "ipamConfigs[0].subnet",
        reason:
          'Expected `ipamConfigs[0].subnet` not to overlap 10.200.0.0/24 of the network "other" on the same hosts, got `10.200.0.0/24`',
      },
    ]);
    const elsewhere = { ...news, owner: "lab/dev/third", connections: [connectionTo("10.77.0.3")] };
    assert.deepEqual(overlayNetwork.check({}, elsewhere, run).failures, []);
  });

  it("wants what has a property of its own to be said once", () => {
    const options = { "com.docker.network.driver.mtu": "1400" };
    assert.deepEqual(failures({ mtu: 1400, options }), [
      {
        property: "mtu",
        reason:
          'Expected `mtu` to be left out, or `options["com.docker.network.driver.mtu"]`: both say the same, got `1400`',
      },
    ]);
    assert.deepEqual(
      failures({ mtu: 20, vxlanId: 0 }).map(({ reason }) => reason),
      [
        "Expected `mtu` to be a whole number of bytes, 118 to 65535, got `20`",
        "Expected `vxlanId` to be a whole number, 1 to 16777215, got `0`",
      ],
    );
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
