import assert from "node:assert/strict";
import type { Counters } from "../../../provider/proof/counters";
import { type Lost, whereLost } from "../../../provider/proof/tunnel";

const NOTHING: Counters = { sent: 0, kept: 0, received: 0, reached: 0, asked: 0, answered: 0 };

/** Where eight packets from host 1 to web2 on host 2 stay, by what is counted there. */
const lost = (here: Partial<Counters>, there: Partial<Counters> = {}, more: Partial<Lost> = {}) => {
  const counted = { here: { ...NOTHING, ...here }, there: { ...NOTHING, ...there } };
  return whereLost({ from: "host1", to: "host2", container: "web2", packets: 8, isOpen: false, ...counted, ...more });
};
const closed = (from: string, to: string) =>
  `VXLAN: of 8 packets that ${from} sent to port 4789/udp of ${to} none arrived; a firewall of one of the hosts, or between them, has to let 4789/udp pass`;
const kept = (from: string, to: string) =>
  `VXLAN: ${from} lets none of 8 packets to port 4789/udp of ${to} out; its own firewall has to let 4789/udp pass`;
const engine = (host: string) =>
  `engine: the VXLAN between host1 and host2 is open, and packets do not find web2 all the same; restart docker on ${host}`;
const CONTAINER = "container: packets arrive on host2, and web2 does not answer; does it drop them itself?";

describe("packets that were sent in vain", () => {
  it("are lost between the hosts where one has sent them, and they are not at the other's container", () => {
    assert.equal(lost({ sent: 15 }), closed("host1", "host2"));
  });

  it("are lost there, too, when a few others come meanwhile", () => {
    assert.equal(lost({ sent: 400, kept: 1 }, { sent: 300, received: 7, reached: 7 }), closed("host1", "host2"));
  });

  it("are lost in the sender's own host where its kernel let none out", () => {
    assert.equal(lost({ kept: 15 }), kept("host1", "host2"));
    assert.equal(lost({ sent: 90, kept: 15 }), kept("host1", "host2"));
  });

  it("are lost on the way back where they were answered", () => {
    assert.equal(lost({ sent: 15 }, { reached: 15, asked: 15, answered: 15, sent: 15 }), closed("host2", "host1"));
    assert.equal(lost({ sent: 15 }, { reached: 15, asked: 15, answered: 15, kept: 15 }), kept("host2", "host1"));
  });

  it("are dropped by the container where they come to it, and it does not answer", () => {
    assert.equal(lost({ sent: 15 }, { reached: 15 }), CONTAINER);
    assert.equal(lost({ sent: 15 }, { reached: 15, asked: 15 }), CONTAINER);
  });

  it("are lost by an engine where they come out of the tunnel, and not to the container", () => {
    assert.equal(lost({ sent: 15 }, { received: 15 }), engine("host2"));
    assert.equal(lost({ sent: 15 }, { received: 7 }), closed("host1", "host2"));
  });

  it("are lost by an engine, too, where those of the other end find their way there and back", () => {
    assert.equal(lost({ sent: 15 }, {}, { isOpen: true }), engine("host2"));
    assert.equal(lost({}, {}, { isOpen: true }), engine("host1"));
    assert.equal(lost({ sent: 15 }, { reached: 15 }, { isOpen: true }), CONTAINER, "but not what comes to it");
  });

  it("are not explained where they never came to the tunnel, or none was sent", () => {
    assert.equal(lost({}), undefined);
    assert.equal(lost({ sent: 15 }, {}, { packets: 0 }), undefined);
  });
});
