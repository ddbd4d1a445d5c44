import assert from "node:assert/strict";
import { addressOf, parseAddresses } from "../../../provider/engine/addresses";
import { FakeHost } from "../../helpers/fakeHost";

const output = String.raw`1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
2: eth0    inet 10.77.0.1/24 brd 10.77.0.255 scope global eth0\       valid_lft forever preferred_lft forever
2: eth0    inet 10.77.0.201/24 scope global secondary eth0\       valid_lft forever preferred_lft forever
3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\       valid_lft forever preferred_lft forever
14: wg0    inet 10.9.0.1 peer 10.9.0.2/32 scope global wg0\       valid_lft forever preferred_lft forever
`;

describe("a host's addresses", () => {
  it("are read in the kernel's order, with prefixes, also of point-to-point links", () => {
    assert.deepEqual(parseAddresses(output), [
      { interface: "lo", address: "127.0.0.1", prefix: 8 },
      { interface: "eth0", address: "10.77.0.1", prefix: 24 },
      { interface: "eth0", address: "10.77.0.201", prefix: 24 },
      { interface: "docker0", address: "172.17.0.1", prefix: 16 },
      { interface: "wg0", address: "10.9.0.1", prefix: 32 },
    ]);
  });

  it("are none where there is no output", () => {
    assert.deepEqual(parseAddresses(""), []);
  });

  it("name an interface's first", () => {
    assert.equal(addressOf(new FakeHost(), parseAddresses(output), "eth0", "`clusterAdvertise`"), "10.77.0.1");
  });

  it("are listed in the error for an interface that has none", () => {
    const addresses = parseAddresses(output).slice(0, 2);
    assert.throws(() => addressOf(new FakeHost(), addresses, "eth1", "`clusterAdvertise`"), {
      message:
        "host 10.77.0.1: `clusterAdvertise` names the interface eth1, which does not exist or has no IPv4 address",
      hint: "interfaces with one: lo (127.0.0.1), eth0 (10.77.0.1)",
    });
  });
});
