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

const gap = "10.77.0.128 to 10.77.0.254";
const shared = (address: string, others = "another container on its host", reserved = "") =>
  `to lie outside of what is shared out between the hosts (free for fixed addresses is ${gap})${reserved}, since ${others} may get it, got \`${address}\``;
const sharedByOthers = (address: string) =>
  shared(address, "another host's containers", ", or to be reserved by the network's `auxAddress`");

describe("a container's fixed address on a LAN", () => {
  it("may lie outside of what is shared out between the hosts", () => {
    assert.equal(toldOf("10.77.0.200"), undefined);
    assert.equal(toldOf("10.77.0.9", { host: "10.77.0.2" }), undefined);
  });

  it("may not lie in its host's block, whose engine gives it to whoever comes first, and is told what is free", () => {
    assert.equal(toldOf("10.77.0.70"), shared("10.77.0.70"));
    assert.equal(toldOf("10.77.0.85", { host: "10.77.0.2" }), shared("10.77.0.85"));
  });

  it("may not lie in another host's block, nor in one that a host may get, unless the program has reserved it", () => {
    assert.equal(toldOf("10.77.0.85"), sharedByOthers("10.77.0.85"));
    assert.equal(toldOf("10.77.0.120"), sharedByOthers("10.77.0.120"));
    assert.equal(toldOf("10.77.0.83"), undefined);
  });

  it("is refused where the range grows over it, before any host gets the block", () => {
    const grown = { ipamConfigs: [{ ...lan.ipamConfigs[0], ipRange: "10.77.0.0/25" }, lan.ipamConfigs[1]] };
    assert.equal(toldOf("10.77.0.9"), undefined);
    assert.match(toldOf("10.77.0.9", { changed: grown }) ?? "", /^to lie outside of what is shared out /);
  });

  it("is told how to make room where the whole subnet is shared out", () => {
    assert.equal(
      toldOf("fd00:77::4000:0:0:5"),
      "to lie outside of what is shared out between the hosts (nothing is: give the network an `ipRange` that is smaller than fd00:77::/64), or to be reserved by the network's `auxAddress`, since another host's containers may get it, got `fd00:77::4000:0:0:5`",
    );
  });

  it("may not be another container's of the program, on whichever host, and is its own when it is checked again", () => {
    const { run } = fakeRun({});
    run.seen(macvlanNetwork.check({}, lan, run).inputs);
    const told = (name: string, host: string, changed: object = {}) => {
      const networksAdvanced = [{ name: "lan", ipv4Address: "10.77.0.200" }];
      const news = {
        owner: `lab/dev/${name}`,
        name,
        image: "busybox",
        connection: connectionTo(host),
        networksAdvanced,
      };
      return container.check({}, { ...news, ...changed }, run).failures.map(({ reason }) => reason);
    };
    assert.deepEqual(told("standby", "10.77.0.1", { start: false }), []);
    assert.deepEqual(told("web1", "10.77.0.1"), []);
    assert.deepEqual(told("web1", "10.77.0.1"), []);
    const refused =
      'Expected `networksAdvanced[0].ipv4Address` not to be that of the container "web1" on 10.77.0.1, got `10.77.0.200`';
    assert.deepEqual(told("web2", "10.77.0.2"), [refused]);
    assert.deepEqual(told("web3", "10.77.0.1"), [refused]);
    assert.deepEqual(told("elsewhere", "10.77.0.9"), []);
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
