import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { Lab } from "../../lab";
import { EVERY_PACKET, pingTable } from "../../lab/packets";
import { type HostSnapshot, snapshot } from "../../lab/snapshot";
import { Deadline, waitFor } from "../../provider/wait";
import { changes, TestProgram } from "../helpers/twoHosts";

/** Quick to give up, so that a fault is seen in seconds. */
const IMPATIENT = 'user: "root", privateKey, dialErrorLimit: 2, perDialTimeout: 2';

describe("faults, as a user meets them", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  let original: HostSnapshot[];

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-faults" });
    original = await Promise.all(lab.hosts.map(snapshot));
  });
  beforeEach(async () => {
    program = await TestProgram.create(lab);
    await program.edit('user: "root", privateKey', IMPATIENT);
  });
  afterEach(async () => {
    await program.stack.destroy();
    assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), original);
    await program.remove();
  });
  after(() => lab?.stop());

  it("names every mistake at its property in the preview, before any connection", async () => {
    await program.edit('config.get("overlaySubnet") ?? "10.200.0.0/24"', '"10.200.0/24"');
    await program.edit(
      'ipamConfigs: [{ subnet: "10.200.0/24" }]',
      'ipamConfigs: [{ subnet: "10.200.0/24" }], colour: "red"',
    );
    await program.edit('new crosshost.OverlayNetwork("ov_net1", {', 'new crosshost.OverlayNetwork("ov_net1", <any>{');
    const run = await program.stack.preview({ mustSucceed: false });
    assert.notEqual(run.exitCode, 0);
    assert.match(
      run.stdout,
      /Expected `ipamConfigs\[0\]\.subnet` to be a CIDR block such as 10\.200\.0\.0\/24, got `10\.200\.0\/24`/,
    );
    assert.match(run.stdout, /Unknown property `colour`/);
  });

  it("refuses a host that shows another key, loudly, and touches nothing", async () => {
    await program.edit("host, hostKey, user", `host, hostKey: ${JSON.stringify(lab.host(2).hostKey)}, user`);
    const run = await program.stack.up({ mustSucceed: false });
    assert.notEqual(run.exitCode, 0);
    assert.match(run.stdout, new RegExp(`host ${lab.host(1).address}: WRONG HOST KEY: expected SHA256:`));
    assert.deepEqual(changes(run), {});
  });

  it("says in one line which host does not answer, finishes when it is back, and destroys then", async () => {
    const host2 = lab.host(2);
    await host2.powerOff();
    const failed = await program.stack.up({ mustSucceed: false });
    assert.notEqual(failed.exitCode, 0);
    assert.match(failed.stdout, new RegExp(`host ${host2.address}: cannot connect to port 22: .*\\(is the host up`));
    await host2.powerOn();
    await program.stack.up();
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
  });

  it("leaves, when an up fails half way, what destroy takes away", async () => {
    await lab.host(2).powerOff();
    const failed = await program.stack.up({ mustSucceed: false });
    assert.notEqual(failed.exitCode, 0);
    const { stdout } = await lab.host(1).ssh(["docker", "ps", "--format", "{{.Names}}"]);
    assert.equal(stdout.trim(), "consul");
    await lab.host(2).powerOn();
    await program.stack.destroy();
    assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), original);
  });

  it("never takes a host that does not answer for one whose resources are gone", async () => {
    await program.stack.up();
    const before = await program.stack.exportState();
    await lab.host(2).unplug();
    const refresh = await program.stack.refresh({ mustSucceed: false });
    assert.notEqual(refresh.exitCode, 0);
    const destroy = await program.stack.destroy({ mustSucceed: false });
    assert.notEqual(destroy.exitCode, 0);
    const names = (state: string) =>
      [...state.matchAll(/"urn": "([^"]*crosshost[^"]*host2|[^"]*web2)"/g)].map(([, urn]) => urn);
    assert.deepEqual(names(await program.stack.exportState()), names(before));
    await lab.host(2).plug();
    await program.stack.up({ refresh: true });
    // The engines' gossip gives a silent host up after some seconds, and looks for it again every 30 s.
    await waitFor(
      async () => {
        const table = await pingTable(lab);
        return isDeepStrictEqual(table, EVERY_PACKET) ? { done: table } : { seen: JSON.stringify(table) };
      },
      { what: "every packet to arrive again", deadline: new Deadline(90_000) },
    );
  });

  it("leaves a host alone that is gone for good, when told to, and takes everything else down", async () => {
    await program.stack.up();
    await lab.host(2).unplug();
    const env = { CROSSHOST_SKIP_UNREACHABLE_HOSTS: "1" };
    const refresh = await program.stack.refresh({ env });
    assert.match(refresh.stdout, /10\.\d+\.\d+\.2: skipped, not reached \(.*\): what is recorded of "web2" is kept/);
    const destroy = await program.stack.destroy({ env });
    const stays = [
      'the container "web2" stays there',
      "its docker.service keeps the cluster flags",
      'the network "lan" stays there',
      'what it has of the network "ov_net1" stays there',
    ];
    for (const what of stays) assert.ok(destroy.stdout.includes(what), `${what} is not in:\n${destroy.stdout}`);
    assert.ok(!(await program.stack.exportState()).includes("crosshost:"));
    assert.deepEqual(await snapshot(lab.host(1)), original[0]);
    // What was left there is found, and taken over, by the program that made it. Its engine still has the interface of
    // the network that is gone, and lets go of it only at a restart.
    await lab.host(2).plug();
    const up = await program.stack.up({ mustSucceed: false });
    if (up.exitCode !== 0) {
      assert.match(up.stdout, /removed while this host was away: restart docker there/);
      await lab.host(2).ssh(["systemctl", "restart", "docker.service"]);
      await program.stack.up();
    }
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
  });

  it("says that Docker is not there, and starts nothing behind the operator's back", async () => {
    const host1 = lab.host(1);
    await host1.ssh(["systemctl", "stop", "docker.socket", "docker.service"]);
    const run = await program.stack.up({ mustSucceed: false });
    assert.notEqual(run.exitCode, 0);
    assert.match(run.stdout, new RegExp(`host ${host1.address}: .*no Docker engine answers on /var/run/docker.sock`));
    await host1.ssh(["systemctl", "start", "docker.socket", "docker.service"]);
  });

  it("leaves a container of somebody else alone and says whose name it is", async () => {
    await lab.host(1).ssh(["docker", "run", "-d", "--name", "web1", "busybox:1.35", "sleep", "1000"]);
    const run = await program.stack.up({ mustSucceed: false });
    assert.notEqual(run.exitCode, 0);
    assert.match(run.stdout, /the container "web1" exists already and was not made by this program/);
    const { stdout } = await lab.host(1).ssh(["docker", "inspect", "-f", "{{.State.Running}} {{.Config.Cmd}}", "web1"]);
    assert.equal(stdout.trim(), "true [sleep 1000]");
    await lab.host(1).ssh(["docker", "rm", "-f", "web1"]);
    await program.stack.up();
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
  });
});
