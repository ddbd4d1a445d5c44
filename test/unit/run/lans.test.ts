import assert from "node:assert/strict";
import { container } from "../../../provider/resources/container";
import { macvlanNetwork } from "../../../provider/resources/macvlanNetwork";
import { UNKNOWN } from "../../../provider/unknown";
import { fakeRun } from "../../helpers/fakeRun";
import { connectionTo } from "../../helpers/inputs";

const both = ["10.77.0.1", "10.77.0.2"];
const lan = {
  owner: "lab/dev/lan",
  name: "lan",
  hosts: [{ parent: "eth0" }, { parent: "eth0", ipRange: "10.77.0.80/28" }],
  connections: both.map((host) => connectionTo(host)),
  hostAccess: true,
  ipamConfigs: [
    {
      ...{ subnet: "10.77.0.0/24", gateway: "10.77.0.254", ipRange: "10.77.0.64/26" },
      auxAddress: { web9: "10.77.0.83" },
    },
    { subnet: "fd00:77::/64" },
  ],
};

/** What a container on a host of this LAN is told of a fixed address. */
function toldOf(address: string, { host = "10.77.0.1", network = "lan", changed = {} } = {}): string | undefined {
  const { run } = fakeRun({});
  run.seen(macvlanNetwork.check({}, { ...lan, ...changed }, run).inputs);
  const property = address.includes(":") ? "ipv6Address" : "ipv4Address";
  const networksAdvanced = [{ name: network, [property]: address }];
  const news = {
    owner: "lab/dev/web",
    name: "web",
    image: "busybox",
    connection: connectionTo(host),
    networksAdvanced,
  };
  const { failures } = container.check({}, news, run);
  return failures[0]?.reason.replace(/^Expected `networksAdvanced\[0\]\.ipv[46]Address` /, "");
}

describe("a container's fixed address on a LAN", () => {
  it("may lie in its host's block, or outside of what is shared out", () => {
    assert.equal(toldOf("10.77.0.70"), undefined);
    assert.equal(toldOf("10.77.0.85", { host: "10.77.0.2" }), undefined);
    assert.equal(toldOf("10.77.0.200"), undefined);
  });

  it("may not lie in another host's block, nor in one that a host may get, unless the program has reserved it", () => {
    const expected = (block: string, address: string) =>
      `to lie in its host's block ${block}, or outside of what is shared out, or to be reserved by the network's \`auxAddress\`, since another host's containers may get it, got \`${address}\``;
    assert.equal(toldOf("10.77.0.85"), expected("10.77.0.64/28", "10.77.0.85"));
    assert.equal(toldOf("10.77.0.120"), expected("10.77.0.64/28", "10.77.0.120"));
    assert.equal(toldOf("10.77.0.83"), undefined);
    assert.equal(toldOf("fd00:77::4000:0:0:5"), expected("fd00:77::/66", "fd00:77::4000:0:0:5"));
  });

  it("may not be one that somebody has, or that Docker withholds on this host", () => {
    assert.equal(toldOf("10.77.0.254"), "not to be the network's gateway, got `10.77.0.254`");
    assert.equal(toldOf("10.77.0.2"), "not to be the address of the host 10.77.0.2, got `10.77.0.2`");
    const withheld = (address: string) => `not to be reserved in its host's block, got \`${address}\``;
    assert.equal(toldOf("10.77.0.79"), withheld("10.77.0.79"));
    assert.equal(toldOf("10.77.0.83", { host: "10.77.0.2" }), withheld("10.77.0.83"));
    assert.equal(toldOf("10.88.0.1"), "to lie in the network's subnet, 10.77.0.0/24 or fd00:77::/64, got `10.88.0.1`");
  });

  it("is not judged on networks and hosts that the run has not met, nor while the plan is not known", () => {
    assert.equal(toldOf("10.77.0.85", { network: "other" }), undefined);
    assert.equal(toldOf("10.77.0.85", { host: "10.77.0.9" }), undefined);
    assert.equal(toldOf("10.77.0.85", { changed: { connections: UNKNOWN } }), undefined);
  });
});
