import assert from "node:assert/strict";
import { Lab, type LabHost } from "../../lab";
import { labDir, readRecord } from "../../lab/record";
import { remains } from "../../lab/remains";
import { attempt } from "../../lab/run";

const name = "lab-test-up";

async function output(host: LabHost, ...command: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await host.ssh(command);
  assert.equal(exitCode, 0, `${host.name}: ${command.join(" ")}: ${stderr}`);
  return stdout.trim();
}

describe("a lab", () => {
  let lab: Lab;
  let hosts: [LabHost, LabHost];
  let slot: number;

  before(async () => {
    lab = await Lab.start({ hosts: 2, name });
    hosts = [lab.hosts[0]!, lab.hosts[1]!];
    slot = (await readRecord(name))!.slot;
  });

  after(async () => {
    await lab.stop();
  });

  it("has hosts of different names, machine ids and host keys", async () => {
    assert.deepEqual(await Promise.all(hosts.map((host) => output(host, "hostname"))), ["host1", "host2"]);
    const ids = await Promise.all(hosts.map((host) => output(host, "cat", "/etc/machine-id")));
    assert.notEqual(ids[0], ids[1]);
    assert.match(hosts[0].hostKey, /^ssh-ed25519 [A-Za-z0-9+/]+$/);
    assert.notEqual(hosts[0].hostKey, hosts[1].hostKey);
  });

  it("boots every unit of its hosts without a failure", async () => {
    for (const host of hosts) assert.equal(await output(host, "systemctl", "--failed", "--plain", "--no-legend"), "");
  });

  it("runs Docker 20.10.5 on its bullseye hosts", async () => {
    assert.match(await output(hosts[0], "docker", "version", "--format", "{{.Server.Version}}"), /^20\.10\.5/);
  });

  it("gives a command its words and its input as they are", async () => {
    assert.equal(await output(hosts[0], "printf", "%s|", "two words", "$HOME", "it's"), "two words|$HOME|it's|");
    assert.equal((await hosts[0].ssh(["cat"], { input: "from here" })).stdout, "from here");
    assert.equal((await hosts[0].ssh(["sh", "-c", "exit 3"])).exitCode, 3);
  });

  it("refuses a host whose key is not the known one", async () => {
    const known = `UserKnownHostsFile=${labDir(name)}/nobody`;
    const options = ["-o", known, "-o", "GlobalKnownHostsFile=none", "-o", "StrictHostKeyChecking=yes"];
    const { exitCode } = await attempt("ssh", [
      "-F",
      "none",
      "-o",
      "BatchMode=yes",
      ...options,
      hosts[0].address,
      "true",
    ]);
    assert.equal(exitCode, 255);
  });

  it("has its hosts reach each other", async () => {
    await output(hosts[0], "ping", "-c", "1", "-W", "2", hosts[1].address);
    await output(hosts[1], "ping", "-c", "1", "-W", "2", hosts[0].address);
  });

  it("lets no traffic of its hosts past this machine", async () => {
    // An address of the wide world (TEST-NET-2), and one of another lab's.
    for (const beyond of ["198.51.100.1", "10.77.40.1"]) {
      const { stdout, exitCode } = await hosts[0].ssh(["ping", "-c", "1", "-W", "2", beyond]);
      assert.equal(exitCode, 1);
      assert.match(stdout, /Destination (Host|Net) Unreachable/);
    }
  });

  it("serves busybox and two versions of consul by their everyday names", async () => {
    for (const image of ["busybox:1.35", "consul:1.8.7", "consul:1.8"])
      await output(hosts[1], "docker", "pull", "-q", image);
    assert.equal(await output(hosts[1], "docker", "run", "--rm", "busybox:1.35", "echo", "hello"), "hello");
    const id = (image: string) => output(hosts[1], "docker", "image", "inspect", "--format", "{{.Id}}", image);
    assert.notEqual(await id("consul:1.8.7"), await id("consul:1.8"));
  });

  it("serves a consul that takes its interface from the environment, as the official image does", async () => {
    const environment = ["-e", "CONSUL_BIND_INTERFACE=eth0", "--net", "host", "--name", "consul"];
    await output(hosts[0], "docker", "run", "-d", ...environment, "consul:1.8.7", "agent", "-server", "-bootstrap");
    const log = 'until docker logs consul 2>&1 | grep -q "New leader elected"; do sleep 0.2; done';
    await output(hosts[0], "timeout", "20", "sh", "-c", log);
    assert.match(
      await output(hosts[0], "docker", "exec", "consul", "consul", "members"),
      /host1 +10\.77\.\d+\.1:8301 +alive/,
    );
    await output(hosts[0], "docker", "rm", "-fv", "consul");
  });

  it("comes with a daemon.json that holds the registry and one more key", async () => {
    assert.equal(
      (await hosts[0].ssh(["cat", "/etc/docker/daemon.json"])).stdout,
      `{\n    "registry-mirrors": ["http://10.77.${slot}.254:5000"],\n    "log-opts": {\n        "max-size": "10m"\n    }\n}\n`,
    );
  });

  it("counts the logins of a boot in the journal", async () => {
    const count = () =>
      output(hosts[0], "sh", "-c", "journalctl -b -u ssh | grep -c 'Accepted publickey'").then(Number);
    const first = await count();
    assert.equal(await count(), first + 1);
  });

  it("reboots a host in order: it comes back with what was on its disk", async () => {
    const boot = await output(hosts[0], "cat", "/proc/sys/kernel/random/boot_id", "/run/systemd/container");
    await output(hosts[0], "sh", "-c", "echo kept > /root/kept; echo gone > /run/gone");
    await output(hosts[0], "docker", "run", "-d", "--restart=always", "--name=c1", "busybox:1.35", "sleep", "1000");
    await hosts[0].reboot("clean");
    assert.equal(await output(hosts[0], "cat", "/root/kept"), "kept");
    assert.equal((await hosts[0].ssh(["test", "-e", "/run/gone"])).exitCode, 1);
    const running = "until docker inspect --format {{.State.Running}} c1 | grep -q true; do sleep 0.2; done";
    await output(hosts[0], "timeout", "20", "sh", "-c", running);
    assert.match(await output(hosts[0], "journalctl", "-b", "-1", "-u", "docker"), /Stopped Docker/);
    assert.ok(boot);
  });

  it("reboots a host as by a power loss: nothing on it was told", async () => {
    await output(hosts[0], "sh", "-c", "echo kept > /root/kept; sync");
    await hosts[0].reboot("powerLoss");
    assert.equal(await output(hosts[0], "cat", "/root/kept"), "kept");
    assert.doesNotMatch((await hosts[0].ssh(["journalctl", "-b", "-1", "-u", "docker"])).stdout, /Stopped Docker/);
    await output(hosts[0], "docker", "rm", "-f", "c1");
    await output(hosts[0], "ping", "-c", "1", "-W", "2", hosts[1].address);
  });

  it("takes a host off the LAN and puts it back", async () => {
    await hosts[1].unplug();
    assert.notEqual((await hosts[0].ssh(["ping", "-c", "1", "-W", "1", hosts[1].address])).exitCode, 0);
    await hosts[1].plug();
    await output(hosts[0], "ping", "-c", "3", "-W", "2", hosts[1].address);
  });

  it("keeps its hosts, and boots one that is off, when it is brought up again", async () => {
    const id = await output(hosts[0], "cat", "/etc/machine-id");
    await hosts[1].powerOff();
    const lines: string[] = [];
    const again = await Lab.start({ hosts: 3, name, progress: (line) => lines.push(line) });
    assert.equal(lines[0], `lab "${name}" runs already, with 2 hosts`);
    assert.equal(again.hosts.length, 3);
    assert.equal(await output(hosts[0], "cat", "/etc/machine-id"), id);
    assert.equal(await output(hosts[1], "hostname"), "host2");
    assert.equal(await output(again.host(3), "hostname"), "host3");
    assert.equal((await Lab.start({ hosts: 2, name })).hosts.length, 2);
  });

  it("does not change its Debian release while it runs", async () => {
    await assert.rejects(Lab.start({ hosts: 2, name, suite: "trixie" }), {
      message: `lab "${name}" runs with bullseye hosts, not trixie`,
    });
  });

  it("is found by its name while it runs", async () => {
    const opened = await Lab.open(name);
    assert.equal(opened?.privateKey, lab.privateKey);
    assert.match(lab.privateKey, /^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
    assert.equal(await Lab.open("no-such-lab"), undefined);
  });

  it("leaves nothing on this machine when it is taken down", async () => {
    assert.ok((await remains(name, slot)).length > 10);
    await output(hosts[0], "docker", "run", "-d", "busybox:1.35", "sleep", "1000");
    await lab.stop();
    assert.deepEqual(await remains(name, slot), []);
    assert.equal(await Lab.open(name), undefined);
  });
});
