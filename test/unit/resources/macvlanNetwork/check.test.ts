import assert from "node:assert/strict";
import { macvlanNetwork } from "../../../../provider/resources/macvlanNetwork";
import type { MacvlanNetworkInputs } from "../../../../provider/resources/macvlanNetwork/inputs";
import { UNKNOWN } from "../../../../provider/unknown";
import { checked, connectionTo, failuresOf, stateOf } from "../../../helpers/inputs";

const lan = { subnet: "10.77.0.0/24", gateway: "10.77.0.254", ipRange: "10.77.0.64/26" };
const on = (...hosts: string[]) => ({
  hosts: hosts.map(() => ({ parent: "eth0" })),
  connections: hosts.map((host) => connectionTo(host)),
});
const news = { owner: "lab/dev/lan", name: "lan", ...on("10.77.0.1", "10.77.0.2"), ipamConfigs: [lan] };
const check = (changed: object = {}, olds: Partial<MacvlanNetworkInputs> = {}) =>
  checked(macvlanNetwork, { ...news, ...changed }, olds);
const failures = (changed: object) => failuresOf(macvlanNetwork, { ...news, ...changed });
const outputs = { networkIds: {} };
const diff = (changed: object) => macvlanNetwork.diff(stateOf(check(), outputs), check(changed, check()));

describe("a MacvlanNetwork's check", () => {
  it("shares the range out between the hosts", () => {
    assert.deepEqual(check().plan, {
      "10.77.0.1": { parent: "eth0", ipRange: "10.77.0.64/28" },
      "10.77.0.2": { parent: "eth0", ipRange: "10.77.0.80/28" },
    });
  });

  it("comes to the same plan again", () => {
    assert.deepEqual(check({}, check()), check());
  });

  it("leaves every host its range when another comes before it", () => {
    assert.deepEqual(check(on("10.77.0.9", "10.77.0.2", "10.77.0.1"), check()).plan, {
      "10.77.0.9": { parent: "eth0", ipRange: "10.77.0.96/28" },
      "10.77.0.2": { parent: "eth0", ipRange: "10.77.0.80/28" },
      "10.77.0.1": { parent: "eth0", ipRange: "10.77.0.64/28" },
    });
  });

  it("says how many hosts a range that is too small has room for", () => {
    const hosts = ["1", "2", "3", "4", "5"].map((n) => `10.77.0.${n}`);
    const { failures: found } = macvlanNetwork.check(check(), { ...news, ...on(...hosts) }, undefined as never);
    assert.deepEqual(found, [
      {
        property: "ipamConfigs[0].ipRange",
        reason:
          "Expected `ipamConfigs[0].ipRange` to have room for 5 hosts, but 10.77.0.64/26 is cut into 4 blocks, one a host; give a larger range",
      },
    ]);
  });

  it("keeps the range clear of the hosts' own addresses", () => {
    assert.deepEqual(failures({ ipamConfigs: [{ ...lan, ipRange: "10.77.0.0/26" }] }), [
      {
        property: "ipamConfigs[0].ipRange",
        reason:
          "Expected `ipamConfigs[0].ipRange` to be clear of the hosts' own addresses (10.77.0.1, 10.77.0.2), got `10.77.0.0/26`",
      },
    ]);
  });

  it("reports everything at once, each where the user wrote it", () => {
    const found = failures({
      hosts: [{ parent: "eth0:1" }, { interface: "eth0" }],
      connections: [connectionTo("10.77.0.1"), connectionTo("10.77.0.1", { port: "22" })],
      ipamConfigs: [{ subnet: "10.77.0.0/24", gateway: "10.77.1.254" }],
    });
    assert.deepEqual(found.map(({ property, reason }) => `${property}: ${reason}`).sort(), [
      "hosts[0].parent: Expected `hosts[0].parent` to be the name of a network interface, got `eth0:1`",
      "hosts[1].connection.port: Expected `hosts[1].connection.port` to be a port, 1 to 65535, got `22`",
      "hosts[1].interface: Unknown property `hosts[1].interface`",
      "hosts[1].parent: Expected `hosts[1].parent` to be given",
      "ipamConfigs[0].gateway: Expected `ipamConfigs[0].gateway` to lie in the subnet 10.77.0.0/24, got `10.77.1.254`",
      "ipamConfigs[0].ipRange: Expected `ipamConfigs[0].ipRange` to be given",
    ]);
  });

  it("refuses the same host twice", () => {
    assert.deepEqual(failures(on("10.77.0.1", "10.77.0.1")), [
      {
        property: "hosts[1].connection",
        reason: "Expected `hosts[1].connection` to be another host than `hosts[0].connection`, got `10.77.0.1`",
      },
    ]);
  });

  for (const [what, changed] of Object.entries({
    "the hosts": { hosts: UNKNOWN, connections: UNKNOWN },
    "a host": { hosts: [UNKNOWN, { parent: "eth0" }], connections: [UNKNOWN, connectionTo("10.77.0.2")] },
    "a host's address": { connections: [connectionTo(UNKNOWN), connectionTo("10.77.0.2")] },
    "a parent": { hosts: [{ parent: UNKNOWN }, { parent: "eth0" }] },
    "the subnets": { ipamConfigs: UNKNOWN },
    "the range": { ipamConfigs: [{ ...lan, ipRange: UNKNOWN }] },
  })) {
    it(`has no plan while ${what} is not known, and no complaint`, () => {
      assert.equal(check(changed).plan, UNKNOWN);
    });
  }
});

describe("a MacvlanNetwork's diff", () => {
  const update = { changes: true, replaces: [] };

  it("is nothing when nothing changed, in whatever order the hosts are written", () => {
    assert.deepEqual(diff({}), { changes: false, replaces: [] });
    assert.deepEqual(diff({ owner: "lab/prod/a" }), { changes: false, replaces: [] });
    assert.deepEqual(diff({ timeouts: { create: "1m" } }), { changes: true, replaces: [] });
    assert.deepEqual(diff({ skipUnreachableHosts: true }), { changes: true, replaces: [] });
  });

  it("is an update for a host that comes or goes, and for a credential", () => {
    assert.deepEqual(diff(on("10.77.0.1")), update);
    assert.deepEqual(diff(on("10.77.0.1", "10.77.0.2", "10.77.0.3")), update);
    const connections = [connectionTo("10.77.0.1", { user: "admin" }), connectionTo("10.77.0.2")];
    assert.deepEqual(diff({ connections }), update);
  });

  it("is a replacement for another parent of a host that stays", () => {
    assert.deepEqual(diff({ hosts: [{ parent: "eth1" }, { parent: "eth0" }] }), { changes: true, replaces: ["plan"] });
  });

  it("is a replacement for another LAN, name or label", () => {
    assert.deepEqual(diff({ ipamConfigs: [{ ...lan, gateway: "10.77.0.253" }] }), {
      changes: true,
      replaces: ["ipamConfigs"],
    });
    assert.deepEqual(diff({ name: "lan2" }), { changes: true, replaces: ["name"] });
    assert.deepEqual(diff({ labels: { a: "b" } }), { changes: true, replaces: ["labels"] });
  });

  it("is a replacement when its connections come from a resource that is replaced", () => {
    const inputs = { ...check(), connections: UNKNOWN as unknown as MacvlanNetworkInputs["connections"] };
    assert.deepEqual(macvlanNetwork.diff(stateOf(check(), outputs), inputs), {
      changes: true,
      replaces: ["connections"],
    });
  });

  it("is an update while something inside is not known", () => {
    assert.deepEqual(diff({ hosts: [{ parent: UNKNOWN }, { parent: "eth0" }] }), update);
    const three = on("10.77.0.1", "10.77.0.2", UNKNOWN);
    assert.deepEqual(diff(three), update);
  });
});
