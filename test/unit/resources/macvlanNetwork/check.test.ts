import assert from "node:assert/strict";
import { ipvlanNetwork, macvlanNetwork } from "../../../../provider/resources/macvlanNetwork";
import type { MacvlanNetworkInputs, MacvlanNetworkState } from "../../../../provider/resources/macvlanNetwork/inputs";
import { UNKNOWN } from "../../../../provider/unknown";
import { fakeRun } from "../../../helpers/fakeRun";
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
    const found = failuresOf(macvlanNetwork, { ...news, ...on(...hosts) }, check());
    assert.deepEqual(found, [
      {
        property: "ipamConfigs[0].ipRange",
        reason:
          "Expected `ipamConfigs[0].ipRange` to have room for 5 hosts, but 10.77.0.64/26 has room for 4, a /28 each; give a larger range, such as 10.77.0.0/25, in which the hosts keep the blocks they have",
      },
    ]);
  });

  it("takes the whole subnet where no range is given, blocks without reserved addresses first", () => {
    const { ipRange, ...whole } = lan;
    assert.deepEqual(check({ ipamConfigs: [whole] }).plan, {
      "10.77.0.1": { parent: "eth0", ipRange: "10.77.0.64/26" },
      "10.77.0.2": { parent: "eth0", ipRange: "10.77.0.128/26" },
    });
  });

  it("keeps what is reserved from containers, where it lies in a block", () => {
    const { plan } = check({
      ipamConfigs: [{ ...lan, ipRange: "10.77.0.0/29", auxAddress: { printer: "10.77.0.6", other: "10.77.0.200" } }],
    });
    assert.deepEqual(plan, {
      "10.77.0.1": { parent: "eth0", ipRange: "10.77.0.4/31" },
      "10.77.0.2": {
        parent: "eth0",
        ipRange: "10.77.0.2/31",
        auxAddress: { "crosshost-host-10.77.0.2": "10.77.0.2" },
      },
    });
  });
  it("keeps for good what it reserved in a host's block, and lets a program's own reservations come and go", () => {
    const { ipRange, ...whole } = lan;
    const one = { ...on("10.77.0.1"), ipamConfigs: [{ ...whole, ipRange: "10.77.0.0/30" }] };
    const first = check(one);
    const block = { parent: "eth0", ipRange: "10.77.0.2/32" };
    assert.deepEqual(first.plan, { "10.77.0.1": block });
    const given = (auxAddress: object, host = "10.77.0.1") => ({
      ...{ hosts: [{ parent: "eth0", ipRange: "10.77.0.0/28" }], connections: [connectionTo(host)] },
      ipamConfigs: [{ ...whole, auxAddress }],
    });
    const own = { "crosshost-host-10.77.0.1": "10.77.0.1" };
    const second = check(given({ printer: "10.77.0.9" }));
    assert.deepEqual(second.plan["10.77.0.1"]?.auxAddress, { ...own, printer: "10.77.0.9" });
    assert.deepEqual(check(given({}), second).plan["10.77.0.1"]?.auxAddress, own);
  });

  it("gives hosts the blocks the program gives them, and the others what is left", () => {
    const hosts = [{ parent: "eth0", ipRange: "10.77.0.72/29" }, { parent: "eth0" }];
    assert.deepEqual(check({ hosts }).plan, {
      "10.77.0.1": { parent: "eth0", ipRange: "10.77.0.72/29" },
      "10.77.0.2": { parent: "eth0", ipRange: "10.77.0.80/28" },
    });
    assert.deepEqual(failures({ hosts: hosts.map((host) => ({ ...host, ipRange: "10.77.0.72/29" })) }), [
      {
        property: "hosts[1].ipRange",
        reason: "Expected `hosts[1].ipRange` not to overlap `hosts[0].ipRange`, got `10.77.0.72/29`",
      },
    ]);
    assert.deepEqual(failures({ hosts: [{ parent: "eth0", ipRange: "10.78.0.0/29" }, { parent: "eth0" }] }), [
      {
        property: "hosts[0].ipRange",
        reason: "Expected `hosts[0].ipRange` to lie in the subnet 10.77.0.0/24, got `10.78.0.0/29`",
      },
    ]);
    const third = { hosts: [...news.hosts, { parent: "eth0", ipRange: "10.77.0.64/30" }] };
    const connections = [...news.connections, connectionTo("10.77.0.3")];
    assert.deepEqual(failuresOf(macvlanNetwork, { ...news, ...third, connections }, check()), [
      {
        property: "hosts[2].ipRange",
        reason:
          "Expected `hosts[2].ipRange` not to overlap the block 10.77.0.64/28 that 10.77.0.1 has, got `10.77.0.64/30`",
      },
    ]);
  });

  it("refuses a host that comes with an address out of another host's block", () => {
    const three = on("10.77.0.1", "10.77.0.2", "10.77.0.70");
    const [failure] = failuresOf(macvlanNetwork, { ...news, ...three }, check());
    assert.deepEqual(failure, {
      property: "hosts[2].connection",
      reason:
        "Expected `hosts[2].connection` to have an address outside the blocks that other hosts have, but 10.77.0.70 lies in 10.77.0.64/28, from which containers on 10.77.0.1 get theirs; reserve it in `ipamConfigs[0].auxAddress`, which makes the network anew, or give 10.77.0.1 another `hosts[].ipRange`",
    });
    const auxAddress = { host3: "10.77.0.70" };
    const { plan } = check({ ...three, ipamConfigs: [{ ...lan, auxAddress }] }, check());
    assert.deepEqual(plan["10.77.0.1"]?.auxAddress, auxAddress);
  });

  it("says what to do where the whole subnet is full", () => {
    const hosts = ["10.88.0.1", "10.88.0.2", "10.88.0.3"];
    const ipamConfigs = [{ subnet: "10.77.0.0/30", gateway: "10.77.0.1" }];
    assert.deepEqual(failures({ ...on(...hosts), ipamConfigs }), [
      {
        property: "ipamConfigs[0].ipRange",
        reason:
          "Expected `ipamConfigs[0].ipRange` to have room for 3 hosts, but 10.77.0.0/30 has room for 1, a /32 each; give hosts smaller blocks of their own by `hosts[].ipRange`, or take a larger subnet",
      },
    ]);
  });

  it("shares out an IPv6 subnet beside the LAN's", () => {
    const v6 = { subnet: "FD00:77::1/64", auxAddress: { printer: "fd00:77:0:0:4000::9" } };
    const { plan, ipamConfigs } = check({ ipamConfigs: [{ ...lan, auxAddress: { printer: "10.77.0.65" } }, v6] });
    assert.equal(ipamConfigs[1]?.subnet, "fd00:77::/64");
    assert.deepEqual(plan["10.77.0.2"], {
      parent: "eth0",
      ipRange: "10.77.0.96/28",
      ipv6Range: "fd00:77:0:0:8000::/66",
    });
    assert.deepEqual(failures({ ipamConfigs: [{ subnet: "fd00:77::/64" }] }), [
      {
        property: "ipamConfigs",
        reason: "Expected `ipamConfigs` to have one IPv4 subnet, the LAN, and beside it at most one IPv6 subnet",
      },
    ]);
    assert.deepEqual(failures({ hosts: [{ parent: "eth0", ipv6Range: "fd00::/80" }, { parent: "eth0" }] }), [
      {
        property: "hosts[0].ipv6Range",
        reason: "Expected `hosts[0].ipv6Range` to have an IPv6 subnet in `ipamConfigs`, got `fd00::/80`",
      },
    ]);
  });

  it("names the tagged sub-interface of a VLAN", () => {
    assert.equal(check({ vlan: 10 }).plan["10.77.0.1"]?.parent, "eth0.10");
    assert.deepEqual(
      failures({ vlan: 4094, hosts: [{ parent: "eth0.10" }, { parent: "enp129s0f1np1" }] }).map(({ reason }) => reason),
      [
        "Expected `hosts[0].parent` to be the untagged interface, since `vlan` is given, got `eth0.10`",
        "Expected `hosts[1].parent` to have at most 10 characters, since `vlan` is given, got `enp129s0f1np1`",
      ],
    );
    assert.deepEqual(failures({ vlan: 4095 }), [
      { property: "vlan", reason: "Expected `vlan` to be a VLAN's number, 1 to 4094, got `4095`" },
    ]);
  });

  it("reserves an address for the shim of each host, and only in mode bridge", () => {
    const shims = Object.values(check({ hostAccess: true }).plan).map(({ auxAddress }) => auxAddress);
    assert.deepEqual(shims, [{ "crosshost-shim": "10.77.0.79" }, { "crosshost-shim": "10.77.0.95" }]);
    assert.deepEqual(failures({ hostAccess: true, mode: "private" }), [
      {
        property: "hostAccess",
        reason:
          "Expected `hostAccess` to be false, since only in mode bridge a host reaches its own containers, got mode `private`",
      },
    ]);
    for (const ipRange of ["10.77.0.0/24", "10.77.0.254/32"]) {
      const one = { ...on("10.88.0.1"), hosts: [{ parent: "eth0", ipRange }] };
      assert.deepEqual(failures({ ...one, hostAccess: true }), [
        {
          property: "hostAccess",
          reason: `Expected \`hostAccess\` to be false, or the block of 10.88.0.1 in \`ipamConfigs[0]\` to be smaller than the subnet and to have an address left, got \`${ipRange}\``,
        },
      ]);
    }
  });

  it("refuses a host that comes with the address of another's shim, which moves where the program reserves that", () => {
    const olds = check({ hostAccess: true });
    const third = { ...news, ...on("10.77.0.1", "10.77.0.2", "10.77.0.79"), hostAccess: true };
    assert.match(
      failuresOf(macvlanNetwork, third, olds)[0]?.reason ?? "",
      /^Expected `hosts\[2\]\.connection` to have an address outside the blocks that other hosts have, but 10\.77\.0\.79 lies in/,
    );
    const ipamConfigs = [{ ...lan, auxAddress: { host3: "10.77.0.79" } }];
    const { plan } = checked(macvlanNetwork, { ...third, ipamConfigs }, olds);
    assert.deepEqual(plan["10.77.0.1"]?.auxAddress, { "crosshost-shim": "10.77.0.78", host3: "10.77.0.79" });
  });

  it("takes the driver's options by Docker's names too, and no others", () => {
    assert.equal(check().mode, "bridge");
    assert.equal(check({ mode: "vepa" }).mode, "vepa");
    assert.equal(check({ options: { macvlan_mode: "vepa" } }).mode, "vepa");
    assert.equal("options" in check({ options: { macvlan_mode: "vepa" } }), false);
    assert.deepEqual(
      failures({
        mode: "vepa",
        options: { macvlan_mode: "private", parent: "eth0", "com.docker.network.driver.mtu": "9000" },
      }).map(({ reason }) => reason),
      [
        "Unknown option `options.com.docker.network.driver.mtu`, which Docker would pass over silently (there are: macvlan_mode)",
        "Expected `options.macvlan_mode` to be the same as `mode`, or left out, got `private`",
        "Expected `options.parent` not to be given: it is `parent` of each host",
      ],
    );
    assert.deepEqual(failures({ mode: "l2" }), [
      { property: "mode", reason: "Expected `mode` to be one of bridge, private, vepa, passthru, got `l2`" },
    ]);
  });

  it("of an IpvlanNetwork is the same, with the modes and flags of that driver", () => {
    const given = { ...news, mode: "l3", options: { ipvlan_flag: "private" } };
    const { mode, flag, plan } = checked(ipvlanNetwork, given);
    assert.deepEqual({ mode, flag, plan }, { mode: "l3", flag: "private", plan: check().plan });
    const { mode: byDefault, flag: flagByDefault } = checked(ipvlanNetwork, news);
    assert.deepEqual([byDefault, flagByDefault], ["l2", "bridge"]);
    assert.deepEqual(
      failuresOf(ipvlanNetwork, { ...news, mode: "bridge", hostAccess: true }).map(({ reason }) => reason),
      [
        "Expected `mode` to be one of l2, l3, l3s, got `bridge`",
        "Unknown property `hostAccess` (there are: timeouts, skipUnreachableHosts, adopt, name, hosts, vlan, ipamConfigs, internal, otherSubnet, options, labels, mode, flag)",
      ],
    );
  });

  it("says that another network of the program has the subnet on the same host", () => {
    const { run } = fakeRun({});
    macvlanNetwork.check({}, { ...news, owner: "lab/dev/other", name: "other" }, run);
    assert.deepEqual(macvlanNetwork.check({}, news, run).failures, [
      {
        property: "ipamConfigs[0].subnet",
        reason:
          'Expected `ipamConfigs[0].subnet` not to overlap 10.77.0.0/24 of the network "other" on the same hosts, got `10.77.0.0/24`',
      },
    ]);
  });

  it("leaves every host its block when the network is replaced, and so checked as if it were new", () => {
    const { run } = fakeRun({});
    const old = check(on("10.77.0.2", "10.77.0.1"));
    const relabelled = { ...news, ...on("10.77.0.1", "10.77.0.2", "10.77.0.3"), labels: { a: "b" } };
    const first = macvlanNetwork.check(old, relabelled, run).inputs;
    run.seen(first);
    const second = macvlanNetwork.check({}, relabelled, run).inputs;
    assert.deepEqual(second.plan, first.plan);
    assert.deepEqual(second.plan["10.77.0.2"], old.plan["10.77.0.2"]);
  });

  it("keeps names of ours out of the reserved addresses", () => {
    assert.deepEqual(failures({ ipamConfigs: [{ ...lan, auxAddress: { "crosshost-x": "10.77.1.9" } }] }), [
      {
        property: "ipamConfigs[0].auxAddress.crosshost-x",
        reason: "Expected `ipamConfigs[0].auxAddress.crosshost-x` to lie in the subnet 10.77.0.0/24, got `10.77.1.9`",
      },
      {
        property: "ipamConfigs[0].auxAddress",
        reason:
          "Expected `ipamConfigs[0].auxAddress` to have other names than ours, which begin with crosshost-, got `crosshost-x`",
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
    "the VLAN": { vlan: UNKNOWN },
    "whether there are shims": { hostAccess: UNKNOWN },
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

  it("is nothing for state of the version before modes, adoption and shims", () => {
    const { mode, internal, hostAccess, otherSubnet, adopt, ...before } = check();
    const olds = { ...before, ...outputs } as MacvlanNetworkState;
    assert.deepEqual(macvlanNetwork.diff(olds, check({}, olds)), { changes: false, replaces: [] });
    assert.deepEqual(macvlanNetwork.diff(olds, check({ hostAccess: true }, olds)), {
      changes: true,
      replaces: ["plan"],
    });
  });

  it("is an update for a range that grows, and for a reserved address that concerns no host", () => {
    assert.deepEqual(diff({ ipamConfigs: [{ ...lan, ipRange: "10.77.0.64/25" }] }), update);
    assert.deepEqual(diff({ ipamConfigs: [{ ...lan, auxAddress: { printer: "10.77.0.200" } }] }), update);
  });

  it("is an update of the host on which refresh found something wrong", () => {
    const found = structuredClone(check());
    found.plan["10.77.0.2"]!.drift = "the network is gone";
    assert.deepEqual(macvlanNetwork.diff(stateOf(found, outputs), check({}, found)), update);
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
    assert.deepEqual(diff({ mode: "vepa" }), { changes: true, replaces: ["mode"] });
    assert.deepEqual(diff({ internal: true }), { changes: true, replaces: ["internal"] });
    const auxAddress = { printer: "10.77.0.65" };
    assert.deepEqual(diff({ ipamConfigs: [{ ...lan, auxAddress }] }), { changes: true, replaces: ["plan"] });
    assert.deepEqual(diff({ vlan: 10 }), { changes: true, replaces: ["plan"] });
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
