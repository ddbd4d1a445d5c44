import assert from "node:assert/strict";
import { Lab, type LabHost } from "../../lab";
import { addressIn, ping } from "../../lab/packets";
import { clearLeftEndpoint, LeftEndpoint } from "../../provider/resources/container/leftEndpoint";
import { overlayProgram } from "../../tools/overlayProgram";
import { RealRun } from "../helpers/realRun";
import { TestProgram } from "../helpers/twoHosts";

const NETWORK = "ov_net1";

/** On hosts of their own: each container that is connected anew costs an engine of Docker 20.10 threads that have no network. */
describe("an address that the store has for free while a container has it", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  let host1: LabHost;
  let host2: LabHost;

  const web = (number: 1 | 2) => ({ host: lab.host(number), container: `web${number}` });

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-address" });
    [host1, host2] = [lab.host(1), lab.host(2)];
    program = await TestProgram.create(lab, overlayProgram());
    await program.stack.up();
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
  });

  it("gives a container another address where the store had given it one that another container has", async () => {
    const consul = async (command: string) => {
      const ran = await host1.ssh(["docker", "exec", "consul", "sh", "-c", command]);
      assert.equal(ran.exitCode, 0, ran.stderr);
    };
    // The store as it is while web1 has no address, and web2 is not there.
    await host2.ssh(["docker", "rm", "-f", "web2"]);
    await host1.ssh(["docker", "stop", "-t", "0", "web1"]);
    await consul("consul kv export docker/network/v1.0/ipam/default/data/ > /tmp/taken");
    await host1.ssh(["docker", "start", "web1"]);
    await consul("consul kv import @/tmp/taken");
    const before = await addressIn(web(1), NETWORK);
    const { stdout } = await program.stack.up({ refresh: true });
    assert.match(
      stdout,
      /: healing "ov_net1": web2 got the address of web1 \(10\.200\.0\.\d, host 10\.\S+\); connecting it again at another/,
    );
    const [one, two] = [await addressIn(web(1), NETWORK), await addressIn(web(2), NETWORK)];
    assert.equal(one, before);
    assert.notEqual(two, before);
    assert.deepEqual([await ping(web(1), two), await ping(web(2), one)], [3, 3]);
    await program.stack.up({ refresh: true, expectNoChanges: true });
    // The store has it as taken again: a third container gets one of its own.
    const run = ["docker", "run", "--rm", "--network", NETWORK, "busybox:1.35", "hostname", "-i"];
    const third = (await host2.ssh(run)).stdout.trim();
    assert.ok(third !== one && third !== two && third.startsWith("10.200.0."), third);
  });

  it("takes what a start has left out of the store, and not the address that another container has by then", async () => {
    const real = new RealRun(lab);
    try {
      const connection = real.connectionTo(host2);
      const { run, deadline } = real.task();
      const docker = await run.docker(connection, deadline);
      const address = await addressIn(web(1), NETWORK);
      const { Id, Containers } = await docker.networks.inspect(NETWORK);
      const { EndpointID } = Object.values(Containers!).find(({ Name }) => Name === "web1")!;
      // As it is left: with the address of one that was made since, of which the store does not count it.
      const folder = `docker/network/v1.0/endpoint/${Id}`;
      const left = `sed 's/"${EndpointID}"/"${"f".repeat(64)}"/g; s/"name":"web1"/"name":"left"/'`;
      const copy = `consul kv get ${folder}/${EndpointID}/ | ${left} | consul kv put ${folder}/${"f".repeat(64)}/ -`;
      const copied = await host1.ssh(["docker", "exec", "consul", "sh", "-c", copy]);
      assert.equal(copied.exitCode, 0, copied.stderr);
      await host2.ssh(["docker", "create", "--name", "left", "busybox:1.35"]);
      const error = new LeftEndpoint(new Error("endpoint with name left already exists"), NETWORK, "left");
      await clearLeftEndpoint(docker, await run.host(connection, deadline), error, deadline.clock);
      const now = Object.values((await docker.networks.inspect(NETWORK)).Containers!).map(({ Name }) => Name);
      assert.deepEqual(now.sort(), ["web1", "web2"]);
      const third = await host2.ssh(["docker", "run", "--rm", "--network", NETWORK, "busybox:1.35", "hostname", "-i"]);
      assert.match(third.stdout, /^10\.200\.0\.\d+$/m);
      assert.notEqual(third.stdout.trim(), address);
    } finally {
      await real.close();
    }
    await program.stack.up({ refresh: true, expectNoChanges: true });
  });
});
