import assert from "node:assert/strict";
import {
  hasShim,
  makeShim,
  readShimUnit,
  removeShim,
  type Shim,
  shimLink,
  shimUnit,
  shimUnitText,
} from "../../../provider/engine/shim";
import { FakeHost } from "../../helpers/fakeHost";

const shim: Shim = {
  owner: "lab/dev/lan",
  network: "lan",
  parent: "eth0",
  addresses: ["10.77.0.79"],
  blocks: ["10.77.0.64/28"],
};
const PATH = `/etc/systemd/system/${shimUnit("lan")}`;

describe("a shim", () => {
  it("is a unit that makes a link, its address and the route to the block, and takes the link away", () => {
    assert.equal(shimUnit("lan"), "crosshost-shim-094a367b.service");
    assert.equal(
      shimUnitText(shim, "/sbin/ip"),
      `# Made by pulumi-crosshost for lab/dev/lan; removed with it. Changes are overwritten.
[Unit]
Description=The host's own way to its containers on the macvlan network lan
After=network-online.target docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStartPre=-/sbin/ip link delete shim-094a367b
ExecStart=/sbin/ip link add shim-094a367b address 02:20:45:1f:e2:99 link eth0 type macvlan mode bridge
ExecStart=/sbin/ip address add 10.77.0.79/32 dev shim-094a367b
ExecStart=/sbin/ip link set shim-094a367b up
ExecStart=/sbin/ip route add 10.77.0.64/28 dev shim-094a367b
ExecStopPost=-/sbin/ip link delete shim-094a367b

[Install]
WantedBy=multi-user.target
`,
    );
  });

  it("has an address and a route of each family", () => {
    const both = { addresses: [...shim.addresses, "fd00:77::3fff"], blocks: [...shim.blocks, "fd00:77::/66"] };
    const lines = shimUnitText({ ...shim, ...both }, "/sbin/ip").split("\n");
    assert.deepEqual(
      lines.filter((line) => line.includes("fd00")),
      [
        "ExecStart=/sbin/ip address add fd00:77::3fff/128 dev shim-094a367b",
        "ExecStart=/sbin/ip route add fd00:77::/66 dev shim-094a367b",
      ],
    );
  });

  it("takes literally what systemd would read in a parent's name, and has a name that the kernel takes", () => {
    const text = shimUnitText({ ...shim, parent: "e%n$HOME" }, "/sbin/ip");
    assert.match(text, / link e%%n\$\$HOME type macvlan /);
    assert.ok(shimLink("x".repeat(255)).length <= 15);
  });

  it("is written, enabled and started; then it is there, and with another parent it is not", async () => {
    const host = new FakeHost({ systemctl: "" });
    await makeShim(host, shim, "/sbin/ip");
    assert.deepEqual(host.commands, [
      `write ${PATH}`,
      "systemctl daemon-reload",
      `systemctl enable ${shimUnit("lan")}`,
      `systemctl restart ${shimUnit("lan")}`,
    ]);
    const unit = await readShimUnit(host, "lan");
    assert.equal(hasShim(shim, unit, "/sbin/ip", true), true);
    assert.equal(hasShim(shim, unit, "/sbin/ip", false), false);
    assert.equal(hasShim({ ...shim, parent: "eth1" }, unit, "/sbin/ip", true), false);
  });

  it("is taken away without trace; again, nothing is done", async () => {
    const host = new FakeHost({ systemctl: "" });
    await makeShim(host, shim, "/sbin/ip");
    host.commands.length = 0;
    await removeShim(host, shim);
    assert.deepEqual(host.commands, [
      `systemctl disable --now ${shimUnit("lan")}`,
      `remove ${PATH}`,
      "systemctl daemon-reload",
      `systemctl reset-failed ${shimUnit("lan")}`,
    ]);
    host.commands.length = 0;
    await removeShim(host, shim);
    assert.deepEqual(host.commands, []);
  });

  it("of somebody else stays as it is", async () => {
    const host = new FakeHost({ systemctl: "" });
    await makeShim(host, { ...shim, owner: "lab/prod/lan" }, "/sbin/ip");
    host.commands.length = 0;
    await removeShim(host, shim);
    await assert.rejects(makeShim(host, shim, "/sbin/ip"), {
      message: `host 10.77.0.1: ${PATH} is not of this network`,
    });
    assert.deepEqual(host.commands, []);
  });
});
