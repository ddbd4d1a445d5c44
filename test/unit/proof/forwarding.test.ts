import assert from "node:assert/strict";
import { astray, extensible, parseForwarding, wrongEntries, wrongOwnEntries } from "../../../provider/proof/forwarding";

/** As a host of Docker 20.10 shows a network's namespace. */
const shown = `10.200.0.3 dev vxlan0 lladdr 02:42:0a:c8:00:03 PERMANENT
10.200.0.4 dev vxlan0 lladdr 02:42:0a:c8:00:04 PERMANENT
10.200.0.5 dev vxlan0  FAILED
33:33:00:00:00:01 dev br0 self permanent
02:42:0a:c8:00:04 dev vxlan0 master br0
02:42:0a:c8:00:04 dev vxlan0 dst 10.77.2.2 link-netnsid 0 self permanent
02:42:0a:c8:00:02 dev veth0 master br0
`;

describe("what a network's namespace knows of other hosts' endpoints", () => {
  const known = parseForwarding(shown);
  const of = (last: number, tunnel = "10.77.2.2") =>
    wrongEntries(known, { address: `10.200.0.${last}`, macAddress: `02:42:0A:C8:00:0${last}` }, tunnel);

  it("is right where packets for an address go to its host", () => {
    assert.equal(of(4), undefined);
  });

  it("is wrong without a neighbour, without a host, or with another one", () => {
    assert.equal(of(5), "knows no neighbour 10.200.0.5");
    assert.equal(of(3), "knows no host that has 02:42:0a:c8:00:03");
    assert.equal(of(4, "10.77.2.3"), "sends packets for 10.200.0.4 to 10.77.2.2 instead of 10.77.2.3");
    assert.equal(
      wrongEntries(known, { address: "10.200.0.4", macAddress: "02:42:0a:c8:00:99" }, "10.77.2.2"),
      "takes 10.200.0.4 for 02:42:0a:c8:00:04 instead of 02:42:0a:c8:00:99",
    );
    assert.equal(wrongEntries(undefined, { address: "", macAddress: "" }, ""), "has no namespace of the network");
  });

  it("is wrong of an endpoint of the host itself where there is any", () => {
    const own = (last: number) =>
      wrongOwnEntries(known, { address: `10.200.0.${last}`, macAddress: `02:42:0A:C8:00:0${last}` });
    assert.equal(own(4), "sends packets for 10.200.0.4, which it has itself, to 10.77.2.2");
    assert.equal(own(3), "looks for 10.200.0.3, which it has itself, on other hosts");
    assert.equal(own(2), undefined);
  });

  it("leads astray where an entry is of another host, of another MAC address, or of the host itself", () => {
    const leads = (last: number, tunnel: string | undefined, mac = last) =>
      astray(known, { address: `10.200.0.${last}`, macAddress: `02:42:0A:C8:00:0${mac}` }, tunnel);
    assert.equal(leads(4, "10.77.2.3"), "vxlan0");
    assert.equal(leads(4, "10.77.2.2"), undefined);
    assert.equal(leads(4, "10.77.2.2", 9), "vxlan0");
    assert.equal(leads(3, "10.77.2.2"), undefined, "what is missing may come yet");
    assert.equal(leads(3, undefined), "vxlan0");
    assert.equal(leads(2, undefined), undefined);
  });

  it("can be added to where another of that subnet is right", () => {
    const at = (last: number, subnet = "10.200.0.0/24") => {
      return { address: `10.200.0.${last}`, macAddress: `02:42:0A:C8:00:0${last}`, subnet };
    };
    assert.equal(extensible(known, at(6), [at(4)]), "vxlan0");
    assert.equal(extensible(known, at(6), []), undefined, "it knows nobody");
    assert.equal(extensible(known, at(6), [at(3)]), undefined, "that one is wrong, too");
    assert.equal(extensible(known, at(6, "10.201.0.0/24"), [at(4)]), undefined, "that one is of another VXLAN");
    assert.equal(extensible(undefined, at(6), [at(4)]), undefined);
  });
});
