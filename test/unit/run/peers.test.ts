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

  it("are those of one's own network where two are called the same, on different hosts", () => {
    const peers = new Peers();
    const [a, b, c, d] = ["10.77.0.1", "10.77.0.2", "10.88.0.1", "10.88.0.2"].map((host) => ({ host }));
    peers.meet({ owner: "lab/dev/one", name: "lan", connections: [a, b] });
    peers.meet({ owner: "lab/dev/two", name: "lan", connections: [c, d] });
    peers.meet({
      owner: "lab/dev/web",
      name: "web",
      connection: { host: "10.99.0.1" },
      networksAdvanced: [{ name: "lan" }],
    });
    const from = (host: string) => peers.hostsOf("lan", host).map((one) => one.host);
    assert.deepEqual(from("10.77.0.1"), ["10.77.0.1", "10.77.0.2", "10.99.0.1"]);
    assert.deepEqual(from("10.88.0.2"), ["10.88.0.1", "10.88.0.2", "10.99.0.1"]);
    assert.equal(from("10.99.0.1").length, 5);
    // A host that goes from the one to the other is the other's.
    peers.meet({ owner: "lab/dev/one", name: "lan", connections: [a] });
    peers.meet({ owner: "lab/dev/two", name: "lan", connections: [b, c, d] });
    assert.deepEqual(from("10.77.0.1"), ["10.77.0.1", "10.99.0.1"]);
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
