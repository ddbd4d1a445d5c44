import assert from "node:assert/strict";
import { Peers } from "../../../provider/run/peers";
import { UNKNOWN } from "../../../provider/unknown";

const hosts = (peers: Peers, network: string) => peers.hostsOf(network).map(({ host }) => host);

describe("the peers of a run", () => {
  it("are the hosts of a network, as the network and its containers name them, each once", () => {
    const peers = new Peers();
    peers.meet({ name: "ov", connections: [{ host: "10.77.0.1" }, { host: "10.77.0.2" }] });
    peers.meet({
      name: "web3",
      connection: { host: "10.77.0.3" },
      networksAdvanced: [{ name: "ov" }, { name: "lan" }],
    });
    peers.meet({ name: "web1", connection: { host: "10.77.0.1" }, networksAdvanced: [{ name: "ov" }] });
    assert.deepEqual(hosts(peers, "ov"), ["10.77.0.1", "10.77.0.2", "10.77.0.3"]);
    assert.deepEqual(hosts(peers, "lan"), ["10.77.0.3"]);
    assert.deepEqual(hosts(peers, "web1"), []);
  });

  it("are reached as the last of their resources says", () => {
    const peers = new Peers();
    peers.meet({ name: "ov", connections: [{ host: "10.77.0.1", user: "old" }] });
    peers.meet({ name: "ov", connections: [{ host: "10.77.0.1", user: "new" }] });
    assert.deepEqual(peers.hostsOf("ov"), [{ host: "10.77.0.1", user: "new" }]);
  });

  it("leave out what is not known yet", () => {
    const peers = new Peers();
    peers.meet({ name: UNKNOWN, connections: [{ host: "10.77.0.1" }] });
    peers.meet({ name: "ov", connections: UNKNOWN });
    peers.meet({ name: "ov", connections: [UNKNOWN, { host: UNKNOWN }, { host: "10.77.0.1", user: UNKNOWN }] });
    peers.meet({ name: "web", connection: { host: "10.77.0.1" }, networksAdvanced: [UNKNOWN, { name: UNKNOWN }] });
    assert.deepEqual([hosts(peers, "ov"), hosts(peers, UNKNOWN)], [[], []]);
  });
});
