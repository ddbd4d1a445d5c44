import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab, type LabHost } from "../../lab";
import { addressIn, ping } from "../../lab/packets";
import { overlayNetwork } from "../../provider/resources/overlayNetwork";
import { Deadline, waitFor } from "../../provider/wait";
import { guestProgram, overlayProgram } from "../../tools/overlayProgram";
import { Race } from "../../tools/soak/race";
import { overlayCases } from "../helpers/overlayCases";
import { RealRun } from "../helpers/realRun";
import { changes, TestProgram } from "../helpers/twoHosts";

const NETWORK = "ov_net1";
const MAC = `{{(index .NetworkSettings.Networks "${NETWORK}").MacAddress}}`;
const IN_GOSSIP = ["grep", "-qi", ":1F0A 00000000:0000 0A", "/proc/net/tcp"];

/** What `up` finds when it proves that packets flow, heals, and says of what it cannot heal. Each step stands on the one before. */
describe("the proof that packets flow", function () {
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
  /** Waits for a command on a host to succeed. */
  const until = (host: LabHost, command: string[]) =>
    waitFor(
      async () => {
        const { exitCode, stderr } = await host.ssh(command);
        return exitCode === 0 ? { done: undefined } : { seen: stderr.trim() || `exit code ${exitCode}` };
      },
      { what: `${command.join(" ")} on ${host.name}`, deadline: new Deadline(60_000) },
    );
  const inSandbox = async ({ host, container }: ReturnType<typeof web>, command: string) => {
    const { stdout } = await host.ssh(["docker", "inspect", "-f", "{{.NetworkSettings.SandboxKey}}", container]);
    const ran = await host.ssh(["sh", "-c", `nsenter --net=${stdout.trim()} ${command}`]);
    assert.equal(ran.exitCode, 0, ran.stderr);
  };
  /** What an `up` says that must fail, with the peers in the order they are in. */
  const failure = async () => {
    const run = await program.stack.up({ refresh: true, mustSucceed: false });
    assert.notEqual(run.exitCode, 0, run.stdout);
    return run.stdout.replaceAll(host1.address, "HOST1").replaceAll(host2.address, "HOST2");
  };

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-connectivity" });
    [host1, host2] = [lab.host(1), lab.host(2)];
    const container = 'verifyConnectivity: (config.get("verify") ?? "require") as "require",';
    program = await TestProgram.create(lab, overlayProgram({ container }));
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
  });

  it("is silent where every packet arrives, and again changes nothing", async () => {
    const run = await program.stack.up();
    assert.deepEqual(await packets(), [3, 3]);
    assert.doesNotMatch(run.stdout, /warning: (?!using )|healing|gets no answer/);
    await program.stack.up({ refresh: true, expectNoChanges: true });
  });

  it("finds containers on other hosts by name and by alias", async () => {
    for (const [from, to] of [
      [1, 2],
      [2, 1],
    ] as const) {
      assert.equal(await ping(web(from), `web${to}`), 3);
      assert.equal(await ping(web(from), `on${to}`), 3);
    }
  });

  it("stands on networks that an engine makes with every option: set, again, change", async () => {
    const real = new RealRun(lab);
    try {
      const connections = lab.hosts.map((host) => real.connectionTo(host));
      const base = { owner: "test/options/ov", name: "ov", connections, ipamConfigs: [{ subnet: "10.3.0.0/24" }] };
      const make = (given: object) =>
        overlayNetwork.create(real.checked(overlayNetwork, { ...base, ...given }), real.task());
      // The engine has no other driver of addresses than its own.
      for (const [name, [set, change]] of Object.entries(overlayCases).filter(([name]) => name !== "ipamDriver")) {
        const made = await make(set);
        assert.equal((await make(set)).networkId, made.networkId, name);
        assert.deepEqual(await overlayNetwork.read(made, real.task()), made, name);
        await overlayNetwork.delete(made, real.task());
        const changed = await make(change);
        assert.deepEqual(await overlayNetwork.read(changed, real.task()), changed, name);
        await overlayNetwork.delete(changed, real.task());
        assert.equal(await overlayNetwork.read(changed, real.task()), undefined, name);
      }
    } finally {
      await real.close();
    }
  });

  it("stands on networks that somebody else made, once they are adopted, and as long as nobody else is on them", async () => {
    const real = new RealRun(lab);
    try {
      const hand = ["docker", "network", "create", "-d", "overlay", "--subnet", "10.4.0.0/24", "ov_hand"];
      assert.equal((await host1.ssh(hand)).exitCode, 0);
      const connections = lab.hosts.map((host) => real.connectionTo(host));
      const base = { owner: "test/hand/ov_hand", name: "ov_hand", connections };
      const make = (given: object) =>
        overlayNetwork.create(real.checked(overlayNetwork, { ...base, ...given }), real.task());
      const ipamConfigs = [{ subnet: "10.4.0.0/24" }];
      await assert.rejects(make({ ipamConfigs }), { code: "foreign" });
      await assert.rejects(make({ ipamConfigs: [{ subnet: "10.5.0.0/24" }], adopt: true }), {
        message:
          /"ov_hand" cannot be taken over, since it is another: `ipamConfigs\[0\]` is \{"subnet":"10\.4\.0\.0\/24"/,
      });
      const made = await make({ ipamConfigs, adopt: true });
      assert.deepEqual(made.adoptedIds, [made.networkId]);
      assert.deepEqual(await overlayNetwork.read(made, real.task()), made);
      const guest = ["docker", "run", "-d", "--name", "theirs", "--network", "ov_hand", "busybox:1.35", "sleep", "600"];
      assert.equal((await host2.ssh(guest)).exitCode, 0);
      await assert.rejects(overlayNetwork.delete(made, real.task()), {
        message: new RegExp(
          `the network "ov_hand" cannot be removed: still on it: theirs \\(host ${host2.address}\\)$`,
        ),
      });
      await host2.ssh(["docker", "rm", "-f", "theirs"]);
      await overlayNetwork.delete(made, real.task());
      const { stdout } = await host1.ssh(["docker", "network", "ls", "--format", "{{.Name}}"]);
      assert.ok(!stdout.includes("ov_hand"));
    } finally {
      await real.close();
    }
  });

  it("is not reached by another program whose network has the same name: it is told whose that is", async () => {
    const look = () =>
      Promise.all(
        lab.hosts.map(async (host) => {
          const network = await host.ssh(["docker", "network", "inspect", NETWORK]);
          const containers = await host.ssh(["sh", "-c", "docker inspect $(docker ps -aq --no-trunc)"]);
          return [JSON.parse(network.stdout), JSON.parse(containers.stdout)];
        }),
      );
    const before = await look();
    const guest = await TestProgram.create(lab, guestProgram);
    try {
      const stack = await guest.anotherStack(lab, "guest");
      const run = await stack.up({ mustSucceed: false });
      assert.notEqual(run.exitCode, 0);
      assert.ok(
        run.stdout.includes(
          `error: host ${host1.address}: the network "ov_net1" exists already and belongs to two-hosts/test/ov_net1 (remove it, take it over with \`adopt: true\`, or give this resource another \`name\`)`,
        ),
        run.stdout,
      );
      assert.deepEqual(changes(run), {});
      await stack.destroy();
    } finally {
      await guest.remove();
    }
    assert.deepEqual(await look(), before);
  });

  it("heals an endpoint that was attached before its engine had joined the gossip", async () => {
    await host1.ssh(["docker", "stop", "-t", "0", "consul"]);
    await host2.ssh(["systemctl", "restart", "docker"]);
    await host1.ssh(["docker", "start", "consul"]);
    await until(host2, ["docker", "network", "inspect", NETWORK]);
    await host2.ssh(["docker", "start", "web2"]);
    await until(host2, IN_GOSSIP);
    assert.deepEqual(await packets(), [0, 0], "Docker itself does not heal it");
    const { stdout } = await program.stack.up({ refresh: true });
    assert.match(stdout, /web2 gets no answer from web1 \(.*\) on "ov_net1"; `pulumi up` heals what can be healed/);
    assert.match(
      stdout,
      /: healing "ov_net1": its engine knows no neighbour 10\.200\.0\.\d; connecting web2 \(.*\) again at the same address/,
    );
    assert.deepEqual(await packets(), [3, 3]);
    await program.stack.up({ refresh: true, expectNoChanges: true });
  });

  it("puts an entry right that leads to a host where the address was before", async () => {
    const { stdout: address } = await host2.ssh(["docker", "inspect", "-f", MAC, "web2"]);
    const replace =
      'for n in /var/run/docker/netns/[0-9]*-*; do nsenter --net=$n bridge fdb replace "$1" dev vxlan0 dst "$2" self permanent; done';
    const ran = await host1.ssh(["sh", "-c", replace, "sh", address.trim(), host1.address]);
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.deepEqual(await packets(), [0, 0]);
    const { stdout } = await program.stack.up({ refresh: true });
    assert.match(
      stdout.replaceAll(host1.address, "HOST1").replaceAll(host2.address, "HOST2"),
      /HOST1: healing "ov_net1": its engine sends packets for 10\.200\.0\.\d to HOST1 instead of HOST2; putting that entry right/,
    );
    assert.deepEqual(await packets(), [3, 3]);
  });

  it("takes the forwarding entries of the hosts where a container lets no ICMP in", async () => {
    await inSandbox(web(1), "iptables -A INPUT -p icmp -j DROP");
    await host2.ssh(["docker", "rm", "-f", "web2"]);
    const { stdout } = await program.stack.up({ refresh: true });
    assert.match(stdout, /web1 lets no ICMP in on "ov_net1": proven by the forwarding entries of the hosts alone/);
    await inSandbox(web(1), "iptables -D INPUT -p icmp -j DROP");
  });

  it("needs neither perl nor ping on the hosts, where there is bash", async () => {
    const onBoth = async (command: string) => {
      for (const host of [host1, host2]) assert.equal((await host.ssh(["sh", "-c", command])).exitCode, 0, command);
    };
    const hidden: string[] = [];
    try {
      for (const each of ["perl", "ping"]) {
        await onBoth(`file=$(command -v ${each}) && mv "$file" "$file.hidden"`);
        hidden.push(each);
        await host2.ssh(["docker", "rm", "-f", "web2"]);
        const { stdout } = await program.stack.up({ refresh: true });
        assert.doesNotMatch(stdout, /is proven from|were lost|healing|lets no ICMP/, `without ${hidden.join(" and ")}`);
      }
    } finally {
      for (const each of hidden) {
        await onBoth(
          `file=$(ls /bin/${each}.hidden /usr/bin/${each}.hidden | head -n 1); mv "$file" "\${file%.hidden}"`,
        );
      }
    }
    assert.deepEqual(await packets(), [3, 3]);
  });

  it("does not fail for packets that get lost now and then, and says how many", async () => {
    // Not by chance, so that it is the same every time: every tenth that comes in, and every tenth that goes out.
    await host2.firewall("udp dport 4789 numgen inc mod 10 == 0 drop");
    await host2.ssh(["docker", "rm", "-f", "web2"]);
    const { stdout } = await program.stack.up({ refresh: true });
    const said =
      /warning: between 10\.\S+ and 10\.\S+ (\d+) of (\d+) packets \((\d+) %\) were lost on "ov_net1", there or back/;
    const [lost, sent, percent] = said.exec(stdout)?.slice(1).map(Number) ?? assert.fail(stdout);
    assert.ok(lost! > 0 && sent! >= 100, `${lost} of ${sent}`);
    assert.equal(percent, Math.round((100 * lost!) / sent!));
    await host2.firewall("udp dport 4789 numgen inc mod 100 == 0 drop");
    await program.stack.up({ refresh: true, expectNoChanges: true });
  });

  it("names VXLAN's port where a firewall lets nothing in there", async () => {
    await host2.firewall(`ip saddr ${host1.address} udp dport 4789 drop`);
    assert.match(
      await failure(),
      /host HOST\d: web\d gets no answer from web\d \(10\.200\.0\.\d, host HOST\d\) on "ov_net1": VXLAN: of \d+ packets that HOST1 sent to port 4789\/udp of HOST2 none arrived; a firewall of one of the hosts, or between them, has to let 4789\/udp pass/,
    );
  });

  it("warns of the same with `warn`, and sends nothing with `off`", async () => {
    await program.stack.config("verify", "warn");
    const { stdout } = await program.stack.up();
    assert.match(stdout, /warning: 10\.\S+: web\d gets no answer from web\d .* on "ov_net1": VXLAN: of \d+ packets/);
    await program.stack.config("verify", "off");
    await program.stack.up();
    const again = await program.stack.up({ refresh: true, expectNoChanges: true });
    assert.doesNotMatch(again.stdout, /gets no answer/);
    await program.stack.config("verify", "require");
  });

  it("names the host whose own firewall lets nothing out to VXLAN's port", async () => {
    await host2.firewall(`ip saddr ${host2.address} udp dport 4789 drop`);
    assert.match(
      await failure(),
      /on "ov_net1": VXLAN: HOST2 lets none of \d+ packets to port 4789\/udp of HOST1 out; its own firewall has to let 4789\/udp pass/,
    );
  });

  it("names the MTU where large packets are lost, and the largest that passes", async () => {
    await host2.firewall("udp dport 4789 meta length > 1300 drop");
    assert.match(
      await failure(),
      /on "ov_net1": MTU: packets of up to 1250 bytes pass, larger ones are lost, and containers send 1450; give the network `mtu: 1300`, or let larger packets pass between the hosts/,
    );
  });

  it("names the gossip's port where a firewall drops it, and touches nothing", async () => {
    await host2.firewall("tcp dport 7946 drop", "udp dport 7946 drop");
    await host1.ssh(["sh", "-c", "systemctl reset-failed docker; systemctl restart docker"]);
    const said = await failure();
    assert.match(
      said,
      /gossip: HOST\d cannot be reached on port 7946\/tcp and 7946\/udp from HOST\d, and so the engine of HOST\d knows no neighbour 10\.200\.0\.\d; a firewall of one of the hosts, or between them, has to let 7946\/tcp and 7946\/udp pass/,
    );
    assert.doesNotMatch(said, /healing/);
  });

  it("succeeds again when nothing is in the way", async () => {
    await host2.firewall();
    await program.stack.up({ refresh: true });
    assert.deepEqual(await packets(), [3, 3]);
    await program.stack.up({ refresh: true, expectNoChanges: true });
  });

  it("makes the containers of a host that lost its power reach their peers again", async () => {
    await host2.reboot("powerLoss");
    await program.stack.up({ refresh: true });
    assert.deepEqual(await packets(), [3, 3]);
  });

  it("leaves a host that is off out, and says so", async () => {
    await host2.unplug();
    // A change of this one container, for which the other host is not needed.
    await program.edit("perHost = config", "alias = config.get('alias') ?? 'web'; const perHost = config");
    await program.edit('aliases: ["web", ', "aliases: [i === 0 ? alias : 'web', ");
    await program.stack.config("alias", "www");
    const { stdout } = await program.stack.up();
    assert.match(stdout, /warning: 10\.\S+: not reached \(.*\): nothing on "ov_net1" is proven from or to it/);
    await host2.plug();
  });

  it("takes away what a host left in the store that lost its power for good", async () => {
    await host2.powerOff();
    const destroy = await program.stack.destroy({ env: { CROSSHOST_SKIP_UNREACHABLE_HOSTS: "1" } });
    assert.match(destroy.stdout, /taking web2 off the network "ov_net1", which none of the reached hosts runs/);
    const { stdout } = await host1.ssh(["docker", "network", "ls", "--format", "{{.Name}}"]);
    assert.ok(!stdout.includes(NETWORK));
  });
});

describe("first endpoints, attached on both hosts right after both engines were restarted", function () {
  this.timeout("5m");

  it("lose no packet, five times", async () => {
    const lab = await Lab.start({ hosts: 2, name: "e2e-race" });
    const folder = await mkdtemp(join(tmpdir(), "crosshost-race-"));
    try {
      const race = await Race.prepare(lab, folder);
      for (let i = 0; i < 5; i++) {
        const { packetsArrived, packetsSent } = await race.run();
        assert.equal(packetsArrived, packetsSent, `race ${i + 1}`);
      }
    } finally {
      await lab.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
