import assert from "node:assert/strict";
import { between, beyond, parseCounters } from "../../../provider/proof/counters";

/** As a host of Docker 20.10 shows a network's VXLAN, and the kernel what came to a sandbox. */
const shown = `12: vxlan0@if12: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue master br0 state UNKNOWN mode DEFAULT
    link/ether 1a:ca:51:fe:cb:43 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    RX: bytes  packets  errors  dropped missed  mcast
    74118      53       0       0       0       0
    TX: bytes  packets  errors  dropped carrier collsns
    80000      57       0       281     0       0
Ip: Forwarding DefaultTTL InReceives InHdrErrors OutRequests
Ip: 2 64 238 0 825
Icmp: InMsgs InErrors InDestUnreachs InEchos InEchoReps OutMsgs OutDestUnreachs OutEchos OutEchoReps
Icmp: 238 0 0 119 110 825 3 706 117
IcmpMsg: InType0 InType8 OutType0 OutType8
IcmpMsg: 119 119 119 706
Udp: InDatagrams NoPorts InErrors OutDatagrams
Udp: 0 4 0 0
`;

describe("what is counted on a network's way", () => {
  it("is what the VXLAN sent and what its host kept, and what came to the sandbox and was answered there", () => {
    assert.deepEqual(parseCounters(shown), {
      ...{ sent: 57, kept: 281, received: 53 },
      ...{ reached: 238, asked: 123, answered: 120 },
    });
  });

  it("is the sum of all VXLANs, of a network with several subnets", () => {
    const [vxlan] = shown.split("Ip: ");
    assert.equal(parseCounters(`${vxlan}${vxlan}`).sent, 114);
  });

  it("does not count what others send all the time", () => {
    const at = (sent: number, received: number) => ({ ...parseCounters(""), sent, received });
    const usual = between(at(100, 50), at(110, 70));
    assert.deepEqual(beyond(between(at(110, 70), at(138, 118)), usual, 2), at(28, 8));
  });

  it("is nothing where there is no such network, and no sandbox any more", () => {
    assert.deepEqual(parseCounters(""), {
      ...{ sent: 0, kept: 0, received: 0 },
      ...{ reached: 0, asked: 0, answered: 0 },
    });
  });
});
