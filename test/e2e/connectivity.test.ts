import assert from "node:assert/strict";
import { Lab, type LabHost } from "../../lab";
import { addressIn, ping } from "../../lab/packets";
import { Deadline, waitFor } from "../../provider/wait";
import { overlayProgram } from "../../tools/overlayProgram";
import { TestProgram } from "../helpers/twoHosts";

const NETWORK = "ov_net1";

/** What `up` finds when it proves that packets flow, heals, and says of what it cannot heal. Each step stands on the one before. */
describe("a proof on the data plane", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  let host1: LabHost;
  let host2: LabHost;

  const web = (number: 1 | 2) => ({ host: lab.host(number), container: `web${number}` });
  /** How many of three packets come back: from web1 to web2, and from web2 to web1. */
  const packets = async () => {
    const [one, two] = [await addressIn(web(1), NETWORK), await addressIn(web(2), NETWORK)];
    return [await ping(web(1), two), await ping(web(2), one)];
  };
  const seen = (host: LabHost, look: () => Promise<{ exitCode: number }>) =>
    waitFor(async () => ((await look()).exitCode === 0 ? { done: undefined } : { seen: "not yet" }), {
      what: host.name,
      deadline: new Deadline(60_000),
    });
  /** What an `up` that makes web2 anew fails with. */
  const failingUp = async () => {
    await host2.ssh(["docker", "rm", "-f", "web2"]);
    const run = await program.stack.up({ refresh: true, mustSucceed: false });
    assert.notEqual(run.exitCode, 0, run.stdout);
    return run.stdout;
  };

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-connectivity" });
    [host1, host2] = [lab.host(1), lab.host(2)];
    program = await TestProgram.create(lab, overlayProgram());
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
  });

  it("is silent where every packet arrives, and again changes nothing", async () => {
    const run = await program.stack.up();
    assert.deepEqual(await packets(), [3, 3]);
    assert.doesNotMatch(run.stdout, /warning: .*(packets|proven)|healing/);
    await program.stack.up({ refresh: true, expectNoChanges: true });
  });

  it("heals an endpoint that was attached before its engine had joined the gossip", async () => {
    await host1.ssh(["docker", "stop", "-t", "0", "consul"]);
    await host2.ssh(["systemctl", "restart", "docker"]);
    await host1.ssh(["docker", "start", "consul"]);
    await seen(host2, () => host2.ssh(["docker", "network", "inspect", NETWORK]));
    await host2.ssh(["docker", "start", "web2"]);
    await seen(host2, () => host2.ssh(["grep", "-qi", ":1F0A 00000000:0000 0A", "/proc/net/tcp"]));
    assert.deepEqual(await packets(), [0, 0], "the engine is as it is known to be");
    const run = await program.stack.up({ refresh: true });
    console.log(run.stdout);
    assert.deepEqual(await packets(), [3, 3]);
    await program.stack.up({ refresh: true, expectNoChanges: true });
  });

  it("names VXLAN's port where a firewall drops it", async () => {
    await host2.firewall("udp dport 4789 drop");
    console.log(await failingUp());
  });

  it("names the MTU where large packets are lost, and the largest that passes", async () => {
    await host2.firewall("udp dport 4789 meta length > 1300 drop");
    console.log(await failingUp());
  });

  it("names the gossip's port where a firewall drops it", async () => {
    await host2.firewall("tcp dport 7946 drop", "udp dport 7946 drop");
    await host1.ssh(["sh", "-c", "systemctl reset-failed docker; systemctl restart docker"]);
    console.log(await failingUp());
  });

  it("goes through again when nothing is in the way", async () => {
    await host2.firewall();
    await program.stack.up({ refresh: true });
    assert.deepEqual(await packets(), [3, 3]);
  });
});
