import assert from "node:assert/strict";
import { Lab, type LabHost } from "../../lab";
import { addressIn, ping } from "../../lab/packets";
import { clearLeftEndpoint, LeftEndpoint } from "../../provider/resources/container/leftEndpoint";
import { overlayProgram } from "../../tools/overlayProgram";
import { RealRun } from "../helpers/realRun";
import { TestProgram } from "../helpers/twoHosts";

const NETWORK = "ov_net1";

/** On hosts of their own: each container that is connected anew costs an engine of Docker 20.10 threads that have no network. */
describe("endpoints of which an engine or its store has something else than there is", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  let host1: LabHost;
  let host2: LabHost;

  const web = (number: 1 | 2) => ({ host: lab.host(number), container: `web${number}` });

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-records" });
    [host1, host2] = [lab.host(1), lab.host(2)];
    program = await TestProgram.create(lab, overlayProgram());
    await program.stack.up();
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
  });

  it("get another address where the store had given them one that another container has", async () => {
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

  it("go out of the store where a start has left them, and not the address that another container has by then", async () => {
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

  it("are connected again where the engine does not show them", async () => {
    // As a thread without network leaves it, which comes to pass once in some hundred starts.
    const restart = `
      sed -i '1s/{/{ "live-restore": true,/' /etc/docker/daemon.json
      systemctl restart docker
      for try in $(seq 100); do docker start web1 && break; sleep 0.2; done`;
    const forget = `
      set -e
      systemctl stop docker docker.socket
      file=$(grep -l '"/web1"' /var/lib/docker/containers/*/config.v2.json)
      perl -pi -e 's/"(NetworkID|EndpointID|IPAddress|MacAddress)":"[^"]*"/"$1":""/g' "$file"
      systemctl reset-failed docker
      systemctl start docker`;
    const run = async (script: string) => {
      const ran = await host1.ssh(["sh", "-c", script]);
      assert.equal(ran.exitCode, 0, ran.stderr);
    };
    await run(restart);
    const before = await addressIn(web(1), NETWORK);
    await run(forget);
    assert.equal(await addressIn(web(1), NETWORK), "");
    assert.equal((await host1.ssh(["docker", "exec", "web1", "hostname", "-i"])).stdout.trim(), before);
    const { stdout } = await program.stack.up({ refresh: true });
    assert.match(
      stdout,
      /: its engine does not show the endpoint of web1 on "ov_net1"; `pulumi up` heals what can be healed/,
    );
    assert.match(stdout, /: healing "ov_net1": its engine does not show the endpoint of web1; connecting it again/);
    assert.equal(await addressIn(web(1), NETWORK), before);
    const two = await addressIn(web(2), NETWORK);
    assert.deepEqual([await ping(web(1), two), await ping(web(2), before)], [3, 3]);
    await program.stack.up({ refresh: true, expectNoChanges: true });
  });

  it("do not keep a network that has none of them, and of which the store counts one", async () => {
    const { stdout: id } = await host1.ssh(["docker", "network", "inspect", "-f", "{{.Id}}", NETWORK]);
    const key = `docker/network/v1.0/endpoint_count/${id.trim()}/`;
    const consul = async (...command: string[]) => await host1.ssh(["docker", "exec", "consul", "consul", ...command]);
    const { stdout: count } = await consul("kv", "get", key);
    assert.equal(count.trim(), '{"Count":2}');
    assert.equal((await consul("kv", "put", key, '{"Count":3}')).exitCode, 0);
    const { stdout } = await program.stack.destroy();
    assert.match(stdout, /: healing "ov_net1": the store counts endpoints on it and has none; correcting the count/);
    for (const host of lab.hosts) {
      const { stdout: left } = await host.ssh(["docker", "network", "ls", "--format", "{{.Name}}"]);
      assert.ok(!left.includes(NETWORK));
    }
  });
});
