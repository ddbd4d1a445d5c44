import assert from "node:assert/strict";
import { ipvlanNetwork, macvlanNetwork } from "../../../../provider/resources/macvlanNetwork";
import { FakeDocker } from "../../../helpers/fakeDocker";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";
import { type LanAnswers, lanHost } from "../../../helpers/lanHost";

const news = {
  owner: "lab/dev/lan",
  name: "lan",
  hosts: [{ parent: "eth0" }],
  connections: [connectionTo("10.77.0.1")],
  ipamConfigs: [{ subnet: "10.77.0.0/24", gateway: "10.77.0.254", ipRange: "10.77.0.64/26" }],
};

interface World extends LanAnswers {
  version?: string;
  user?: string;
  /** What is on the engine already. */
  networks?: { Name: string; Driver: string; Subnet?: string; parent?: string; mode?: string }[];
}

/** Creates the network in a world, and answers with what it fails with; nothing may have been touched then. */
async function refusalIn(world: World, changed: object = {}, lifecycle = macvlanNetwork) {
  const docker = new FakeDocker({ address: "10.77.0.1", info: { ServerVersion: world.version ?? "20.10.5" } });
  for (const { Name, Driver, Subnet, parent, mode } of world.networks ?? []) {
    const options = { ...(parent ? { parent } : {}), ...(mode ? { macvlan_mode: mode } : {}) };
    await docker.networks.create({ Name, Driver, IPAM: { Config: Subnet ? [{ Subnet }] : [] }, Options: options });
  }
  docker.settle();
  const host = lanHost("10.77.0.1", world, {}, world.user);
  const task = fakeTask(fakeRun({ "10.77.0.1": { docker, host } }).run);
  const created = lifecycle.create(checked(lifecycle, { ...news, ...changed }), task);
  const error = await created.then(
    () => undefined,
    (error: Error & { hint?: string }) => error,
  );
  if (error) assert.deepEqual([docker.mutations, task.touched], [[], false]);
  return error && { message: error.message.replace(/^host 10\.77\.0\.1: /, ""), hint: error.hint };
}

const link = (name: string, flags: string, rest = "") => `9: ${name}: <${flags}> mtu 1500 ${rest}\n`;
const on = (parent: string) => ({ hosts: [{ parent }] });

describe("before a LAN is made on a host", () => {
  const cases: [string, World, object, string, string | undefined][] = [
    ["a parent that is not there", {}, on("eth7"), "there is no interface eth7", "there are: eth0"],
    ["a VLAN on a parent that is not there", {}, on("eth7.10"), "there is no interface eth7", "there are: eth0"],
    ["the loopback interface", {}, on("lo"), "lo is the loopback interface, which is on no LAN", undefined],
    [
      "a parent that is down",
      { links: link("eth1", "BROADCAST") },
      on("eth1"),
      "eth1 is down",
      "`ip link set eth1 up`, and in its configuration",
    ],
    [
      "a parent without a cable",
      { links: link("eth1", "NO-CARRIER,BROADCAST,UP") },
      on("eth1"),
      "eth1 has no carrier",
      "is its cable plugged in?",
    ],
    [
      "a bridge's port",
      { links: link("eth1", "UP", "master br0 bridge_slave state forwarding") },
      on("eth1"),
      "eth1 is a port of br0, which takes what arrives at it",
      "give br0 as the parent",
    ],
    [
      "a wireless parent",
      { links: link("wlan0", "UP"), wireless: "wlan0\n" },
      on("wlan0"),
      "wlan0 is wireless, and an access point drops frames of other MAC addresses than the one that logged in",
      "an IpvlanNetwork has no others",
    ],
    [
      "a kernel without macvlan",
      { lacking: "macvlan\n" },
      {},
      "its kernel has no macvlan",
      "`modprobe macvlan` on the host says more; some kernels are built without it",
    ],
    [
      "a kernel without VLANs",
      { lacking: "vlan\n" },
      { vlan: 10 },
      "its kernel has no VLANs",
      "`modprobe 8021q` on the host says more; some kernels are built without it",
    ],
    [
      "a subnet that is not the parent's",
      {},
      { ipamConfigs: [{ subnet: "10.88.0.0/24" }] },
      "eth0 is on 10.77.0.0/24, and the subnet is 10.88.0.0/24",
      "give `otherSubnet: true`, if a second IP network on the same wire is meant",
    ],
    [
      "an address of the host's own in somebody's block",
      { addresses: "2: eth0    inet 10.77.0.70/24 scope global secondary eth0\n" },
      {},
      "its own address 10.77.0.70 (eth0) lies in 10.77.0.64/28, from which containers on 10.77.0.1 get theirs",
      "reserve it in `ipamConfigs[].auxAddress`",
    ],
    [
      "a parent that another network has",
      { networks: [{ Name: "old", Driver: "macvlan", Subnet: "10.9.0.0/24", parent: "eth0" }] },
      {},
      'the macvlan network "old" has the parent eth0 already, and Docker 20.10.5 makes one macvlan network a parent; Docker 27 and later make more',
      "remove it, or give another `parent` or a `vlan`",
    ],
    [
      "a parent that a network of the other driver has",
      { version: "27.0.1", networks: [{ Name: "old", Driver: "ipvlan", Subnet: "10.9.0.0/24", parent: "eth0" }] },
      {},
      'the ipvlan network "old" has the parent eth0 already, and the kernel makes macvlan and ipvlan not on one',
      "remove it, or give another `parent` or a `vlan`",
    ],
    [
      "a parent that a network in mode passthru has",
      { version: "27.0.1", networks: [{ Name: "old", Driver: "macvlan", parent: "eth0", mode: "passthru" }] },
      {},
      'the macvlan network "old" has the parent eth0 already, and in mode passthru an interface is one network\'s alone',
      "remove it, or give another `parent` or a `vlan`",
    ],
    [
      "a subnet that another network has",
      { networks: [{ Name: "old", Driver: "bridge", Subnet: "10.77.0.0/24" }] },
      {},
      'the network "old" has 10.77.0.0/24 already',
      "Docker hands each address out once a host",
    ],
    [
      "a subnet that overlaps another network's",
      { networks: [{ Name: "old", Driver: "bridge", Subnet: "10.77.0.0/16" }] },
      {},
      'the network "old" has 10.77.0.0/16, which overlaps 10.77.0.0/24',
      "Docker hands each address out once a host",
    ],
    [
      "shims by a user who is not root",
      { user: "deploy" },
      { hostAccess: true },
      "cannot make a way for the host to its own containers on the LAN: that needs root",
      undefined,
    ],
  ];
  for (const [what, world, changed, message, hint] of cases) {
    it(`${what} is refused, with nothing touched`, async () => {
      assert.deepEqual(await refusalIn(world, changed), { message, hint });
    });
  }

  const accepted: [string, World, object][] = [
    ["a VLAN on a parent that is there", {}, { vlan: 10 }],
    ["a parent without addresses", { links: link("eth1", "UP") }, on("eth1")],
    ["another subnet where that is meant", {}, { ipamConfigs: [{ subnet: "10.88.0.0/24" }], otherSubnet: true }],
    [
      "a second network on a parent from Docker 27 on",
      { version: "27.0.1", networks: [{ Name: "old", Driver: "macvlan", Subnet: "10.9.0.0/24", parent: "eth0" }] },
      {},
    ],
    [
      "an address of the host's own that is reserved",
      { addresses: "2: eth0    inet 10.77.0.70/24 scope global secondary eth0\n" },
      { ipamConfigs: [{ ...news.ipamConfigs[0], auxAddress: { host1: "10.77.0.70" } }] },
    ],
  ];
  for (const [what, world, changed] of accepted) {
    it(`${what} is taken`, async () => {
      assert.equal(await refusalIn(world, changed), undefined);
    });
  }
});

describe("before an ipvlan LAN is made on a host", () => {
  it("what its Docker would pass over is refused", async () => {
    const refused = (changed: object, version: string) => refusalIn({ version }, changed, ipvlanNetwork);
    assert.equal(
      (await refused({ mode: "l3s" }, "20.10.5"))?.message,
      "Docker 20.10.5 does not know `mode` l3s of ipvlan; Docker 23 and later do",
    );
    assert.equal(
      (await refused({ flag: "private" }, "20.10.5"))?.message,
      "Docker 20.10.5 does not know `flag` private of ipvlan; Docker 23 and later do",
    );
    assert.equal(await refused({ flag: "private" }, "26.1.5"), undefined);
  });

  it("another ipvlan network on the parent is refused whatever the version, and a wireless parent is taken", async () => {
    const networks = [{ Name: "old", Driver: "ipvlan", Subnet: "10.9.0.0/24", parent: "eth0" }];
    assert.equal(
      (await refusalIn({ version: "28.0.0", networks }, {}, ipvlanNetwork))?.message,
      'the ipvlan network "old" has the parent eth0 already, and Docker makes one ipvlan network a parent',
    );
    assert.equal(await refusalIn({ wireless: "eth0\n" }, {}, ipvlanNetwork), undefined);
  });

  it("a subnet that is routed to is taken in the modes that route", async () => {
    assert.equal(
      await refusalIn({}, { mode: "l3", ipamConfigs: [{ subnet: "10.88.0.0/24" }] }, ipvlanNetwork),
      undefined,
    );
  });
});
