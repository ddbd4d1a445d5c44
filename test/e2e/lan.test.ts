import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Lab } from "../../lab";
import { type HostSnapshot, snapshot } from "../../lab/snapshot";
import { ROOT } from "../../tools/stack/program";
import { changes, TestProgram } from "../helpers/twoHosts";

describe("the example of a LAN", function () {
  this.timeout("3m");

  let lab: Lab;
  let program: TestProgram;
  let original: HostSnapshot[];

  before(async () => {
    lab = await Lab.start({ hosts: 3, name: "e2e-lan" });
    original = await Promise.all(lab.hosts.map(snapshot));
    program = await TestProgram.create(lab, await readFile(join(ROOT, "examples/macvlan/index.ts"), "utf8"));
    await program.edit(".map(({ host, hostKey }) =>", ".slice(0, 2).map(({ host, hostKey }) =>");
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
  });

  const ran = async (number: number, ...command: string[]) => (await lab.host(number).ssh(command)).stdout.trim();
  const networkIds = (...numbers: number[]) =>
    Promise.all(numbers.map((number) => ran(number, "docker", "network", "inspect", "-f", "{{.Id}}", "lan")));

  it("comes up, with each host's block known in the preview, and container, LAN and host reach each other", async () => {
    const preview = await program.stack.preview();
    for (const first of [64, 80]) assert.match(preview.stdout, new RegExp(`ipRange +: "10\\.77\\.\\d+\\.${first}/28"`));
    assert.deepEqual(changes(await program.stack.up()), {
      "MacvlanNetwork lan": "create",
      "Container web1": "create",
      "Container web2": "create",
    });
    const address = (number: number) =>
      ran(number, "docker", "inspect", "-f", "{{.NetworkSettings.Networks.lan.IPAddress}}", `web${number}`);
    for (const target of [await address(1), await address(2)]) {
      for (const number of [1, 2, 3])
        assert.match(await ran(number, "ping", "-c", "1", "-W", "2", target), / 1 received/);
      assert.match(await ran(1, "docker", "exec", "web1", "ping", "-c", "1", "-W", "2", target), / 1 packets received/);
    }
  });

  it("shows a third host as one entry added to the plan, the connections that are secret, and no other change", async () => {
    await program.edit(".slice(0, 2).map", ".map");
    const run = await program.stack.preview({ diff: true });
    assert.deepEqual(changes(run), { "MacvlanNetwork lan": "update", "Container web3": "create" });
    const { stdout } = run;
    const start = stdout.indexOf("~ pulumi-nodejs:dynamic/crosshost:MacvlanNetwork");
    // A connection is secret as a whole, and a host more in a secret list does not show.
    const [shown = ""] = stdout.slice(start).split(/^ {4}\+ pulumi-nodejs/m);
    assert.match(shown, /^ {8}connections: \[secret\]$/m);
    const changed = shown
      .split("\n")
      .filter((line) => /^\s*[+~-] /.test(line))
      .slice(1);
    assert.deepEqual(
      changed.map((line) => line.trim().replace(/10\.77\.\d+\./, "10.77.0.")),
      [
        "~ plan       : {",
        "+ 10.77.0.3: {",
        "+ auxAddress: {",
        '+ crosshost-shim: "10.77.0.111"',
        '+ ipRange   : "10.77.0.96/28"',
        '+ parent    : "eth0"',
      ],
    );
  });

  it("touches only the host that comes, changes nothing when run again, and has not drifted", async () => {
    const ids = await networkIds(1, 2);
    assert.deepEqual(changes(await program.stack.up()), { "MacvlanNetwork lan": "update", "Container web3": "create" });
    assert.deepEqual(await networkIds(1, 2), ids);
    assert.deepEqual(changes(await program.stack.up()), {});
    assert.deepEqual(changes(await program.stack.refresh()), {});
  });

  it("refuses in the preview fixed addresses that other containers may get, or have", async () => {
    const { net } = { net: lab.host(1).address.replace(/\.\d+$/, "") };
    const own = "networksAdvanced: [{ name: lan.name }],";
    const fixed = `networksAdvanced: [{ name: lan.name, ipv4Address: \`${net}.\${70 + i}\` }],`;
    await program.edit(own, fixed);
    const { stdout, exitCode } = await program.stack.preview({ mustSucceed: false });
    assert.notEqual(exitCode, 0);
    assert.match(
      stdout,
      /Expected `networksAdvanced\[0\]\.ipv4Address` to lie outside of what is shared out between the hosts \(free for fixed addresses is 10\.77\.\d+\.128 to 10\.77\.\d+\.254\)/,
    );
    const same = fixed.replace(/\$\{70 \+ i\}/, "200");
    await program.edit(fixed, same);
    const twice = await program.stack.preview({ mustSucceed: false });
    assert.match(twice.stdout, /ipv4Address` not to be that of the container "web\d" on 10\.77\.\d+\.\d, got/);
    await program.edit(same, own);
  });

  it("records what it made when a host fails, so that the next run finishes and destroy leaves nothing", async () => {
    await program.edit("hostAccess: true,", 'hostAccess: true, labels: { stage: "two" },');
    await lab.host(3).ssh(["systemctl", "stop", "docker.socket", "docker"]);
    const failed = await program.stack.up({ mustSucceed: false });
    assert.notEqual(failed.exitCode, 0);
    await lab.host(3).ssh(["systemctl", "start", "docker"]);
    assert.equal(changes(await program.stack.up())["MacvlanNetwork lan"], "create-replacement");
    assert.deepEqual(changes(await program.stack.up()), {});
    await program.stack.destroy();
    assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), original);
  });
});
