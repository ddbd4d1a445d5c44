import assert from "node:assert/strict";
import { Lab, type LabHost } from "../../lab";
import { overlayProgram } from "../../tools/overlayProgram";
import { TestProgram } from "../helpers/twoHosts";

/**
 * Faults of the underlay whose outcome is not the same every time: packets that are dropped by chance, and a closed VXLAN
 * port, whose diagnosis sometimes stops at "engine: nothing in between explains it". Run by hand, several times:
 * `npx mocha --require tsx/cjs test/soak/underlay.soak.ts`.
 */
describe("faults of the underlay", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  let host1: LabHost;
  let host2: LabHost;

  /** What an `up` says that must fail, with the peers in the order they are in. */
  const failure = async () => {
    const run = await program.stack.up({ refresh: true, mustSucceed: false });
    assert.notEqual(run.exitCode, 0, run.stdout);
    return run.stdout.replaceAll(host1.address, "HOST1").replaceAll(host2.address, "HOST2");
  };

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "soak-underlay" });
    [host1, host2] = [lab.host(1), lab.host(2)];
    program = await TestProgram.create(lab, overlayProgram());
    await program.stack.up();
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
  });

  it("does not fail for packets that get lost now and then, and says how many", async () => {
    await host2.firewall("udp dport 4789 numgen random mod 10 < 1 drop");
    await host2.ssh(["docker", "rm", "-f", "web2"]);
    const { stdout } = await program.stack.up({ refresh: true });
    assert.match(
      stdout,
      /warning: between 10\.\S+ and 10\.\S+ \d+ of \d+ packets \(\d+ %\) were lost on "ov_net1", there or back/,
    );
    await host2.firewall("udp dport 4789 numgen random mod 100 < 1 drop");
    await program.stack.up({ refresh: true, expectNoChanges: true });
  });

  it("names VXLAN's port where a firewall drops it", async () => {
    await host2.firewall("udp dport 4789 drop");
    assert.match(
      await failure(),
      /host HOST\d: web\d gets no answer from web\d \(10\.200\.0\.\d, host HOST\d\) on "ov_net1": VXLAN: of \d+ packets that HOST\d sent to port 4789\/udp of HOST\d none arrived; a firewall of one of the hosts, or between them, has to let 4789\/udp pass/,
    );
  });
});
