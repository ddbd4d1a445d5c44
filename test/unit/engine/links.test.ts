import assert from "node:assert/strict";
import { hostLinks, parseLinks } from "../../../provider/engine/links";
import { FakeHost } from "../../helpers/fakeHost";
import { lanHost } from "../../helpers/lanHost";

const output = String.raw`1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT \    link/loopback 00:00:00:00:00:00
2: eth0@if47: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP \    link/ether 96:7e:53:ed:13:af \    veth
3: docker0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN \    link/ether 02:42:6b:a2:c6:b9 \    bridge forward_delay 1500
4: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state UP \    link/ether 96:7e:53:ed:13:b0 \    bridge_slave state forwarding
5: eth2: <BROADCAST,MULTICAST,SLAVE,UP> mtu 1500 master bond0 state UP \    link/ether 96:7e:53:ed:13:b1 \    bond_slave state ACTIVE
6: eth3: <BROADCAST,MULTICAST> mtu 1500 master vrf1 state DOWN \    link/ether 96:7e:53:ed:13:b2 \    vrf_slave table 10
7: eth0.10@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP \    link/ether 96:7e:53:ed:13:af \    vlan protocol 802.1Q id 10
`;

describe("a host's links", () => {
  it("are read with what makes them fit for a LAN", () => {
    const plain = { isUp: true, hasCarrier: true, isLoopback: false, portOf: undefined };
    assert.deepEqual(parseLinks(output), [
      { ...plain, name: "lo", isLoopback: true },
      { ...plain, name: "eth0" },
      { ...plain, name: "docker0", hasCarrier: false },
      { ...plain, name: "eth1", portOf: "br0" },
      { ...plain, name: "eth2", portOf: "bond0" },
      { ...plain, name: "eth3", isUp: false },
      { ...plain, name: "eth0.10" },
    ]);
  });

  it("come with the addresses, with which are wireless, and with what the kernel lacks", async () => {
    const addresses = "2: eth0    inet6 fd00:77::1/64 scope global \\       valid_lft forever\n";
    const host = lanHost("10.77.0.1", { addresses, wireless: "wlan0\neth0\n", lacking: "ipvlan\n" });
    const found = await hostLinks(host, ["ipvlan", "vlan"]);
    assert.deepEqual(
      found.links.map(({ name, isWireless }) => [name, isWireless]),
      [
        ["lo", false],
        ["eth0", true],
      ],
    );
    assert.deepEqual(found.addresses, [
      { interface: "eth0", address: "10.77.0.1", prefix: 24 },
      { interface: "eth0", address: "fd00:77::1", prefix: 64 },
    ]);
    assert.deepEqual([found.lacking, found.ipCommand], [["ipvlan"], "/sbin/ip"]);
  });

  it("are not taken for those of a kernel that lacks something where it cannot be told", async () => {
    const host = new FakeHost({ "sh -c": `${output}--\n--\n--\n\n--\n` });
    const { lacking, ipCommand } = await hostLinks(host, ["ipvlan"]);
    assert.deepEqual([lacking, ipCommand], [[], "/sbin/ip"]);
  });
});
