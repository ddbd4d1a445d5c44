import assert from "node:assert/strict";
import { refusal } from "../../../provider/docker/errors";

const hintOf = (message: string) => refusal("10.77.0.1", "start", 500, JSON.stringify({ message })).hint;

describe("a refusal of the engine", () => {
  for (const [message, hint] of [
    ["error creating vxlan interface: file exists", /restart docker there$/],
    ["failed to create the macvlan port: invalid argument", /^in mode "passthru" a single container has/],
    ["failed to create the macvlan port: operation not supported", /^its kernel has no macvlan: `modprobe macvlan`/],
    ["failed to create the ipvlan port: operation not supported", /^its kernel has no ipvlan: `modprobe ipvlan`/],
    ["failed to create eth0.10 vlan link: operation not supported", /^its kernel has no VLANs: `modprobe 8021q`/],
    [
      'failed to create endpoint web on network lan: network id "b5f0413c12e3" not found',
      /^the engine was started while that network's interface was gone: `docker network rm` on the host/,
    ],
  ] as const) {
    it(`says what cures "${message}"`, () => assert.match(hintOf(message) ?? "", hint));
  }

  it("has no hint where its words say it", () => {
    assert.equal(hintOf("no space left on device"), undefined);
  });
});
