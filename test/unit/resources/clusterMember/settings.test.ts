import assert from "node:assert/strict";
import type { ClusterSettings } from "../../../../provider/engine/clusterSettings";
import { CrosshostError } from "../../../../provider/errors";
import type { HalfDone } from "../../../../provider/halfDone";
import { clusterMember } from "../../../../provider/resources/clusterMember";
import type { ClusterMemberState } from "../../../../provider/resources/clusterMember/inputs";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";
import { bootRepairUnit, dropIn, memberHost, settings, unit } from "../../../helpers/memberHost";

const news = {
  owner: "lab/dev/host1",
  connection: connectionTo("10.77.0.1"),
  clusterStore: "consul://10.77.0.1:8500",
  clusterAdvertise: "eth0:2376",
};
const inputsWith = (changed: object = {}) => checked(clusterMember, { ...news, ...changed });
const flags = "--cluster-store=consul://10.77.0.1:8500 --cluster-advertise=eth0:2376";
const script = "/etc/systemd/system/crosshost-boot-repair.sh";

function world(options: Parameters<typeof memberHost>[0] = {}) {
  const member = memberHost(options);
  const { run, said } = fakeRun({ "10.77.0.1": member });
  const task = () => fakeTask(run);
  const create = (changed: object = {}) => clusterMember.create(inputsWith(changed), task());
  return { ...member, run, said, task, create };
}

describe("a member whose settings are in daemon.json", () => {
  const original = '{\n  "mtu": 1400\n}\n';
  const merged =
    '{\n  "mtu": 1400,\n  "cluster-store": "consul://10.77.0.1:8500",\n  "cluster-advertise": "eth0:2376"\n}\n';

  it("joins by a reload, again does nothing, and puts the file back to the letter", async () => {
    const { create, host, changes, restarts, task } = world();
    host.files.set(settings, original);
    const state = await create({ via: "daemonJson" });
    assert.equal(host.files.get(settings), merged);
    assert.equal(host.files.has(dropIn), false);
    assert.ok(host.commands.includes("systemctl reload docker.service"));
    assert.deepEqual(await clusterMember.read(state, task()), state);
    host.commands.length = 0;
    assert.deepEqual(await create({ via: "daemonJson" }), state);
    assert.deepEqual(changes(), []);
    await clusterMember.delete(state, task());
    assert.deepEqual([...host.files], [[settings, original]]);
    assert.deepEqual(restarts(), []);
  });

  it("takes the file away that came with them", async () => {
    const { create, host, task } = world();
    await clusterMember.delete(await create({ via: "daemonJson" }), task());
    assert.deepEqual([...host.files], []);
  });

  it("keeps what somebody else has put into it meanwhile", async () => {
    const { create, host, task } = world();
    const state = await create({ via: "daemonJson" });
    host.files.set(settings, host.files.get(settings)!.replace("{", '{ "debug": true,'));
    await clusterMember.delete(state, task());
    assert.equal(host.files.get(settings), '{ "debug": true\n}\n');
  });

  it("leaves nothing in a settings file that the command line puts elsewhere", async () => {
    const { create, host, task } = world({ unit: unit.replace("$DOCKER_OPTS", "--config-file=/srv/docker.json") });
    host.files.set("/srv/docker.json", original);
    const state = await create({ via: "daemonJson" });
    assert.equal(host.files.get("/srv/docker.json"), merged);
    assert.deepEqual(await clusterMember.read(state, task()), state);
    await clusterMember.delete(state, task());
    assert.deepEqual([...host.files], [["/srv/docker.json", original]]);
  });

  it("is restarted for other settings also where they come with another place", async () => {
    const { create, restarts, docker, task } = world();
    const state = await create();
    const moved = inputsWith({ via: "daemonJson" });
    assert.deepEqual(restarts(), []);
    const still = await clusterMember.update(state, moved, task());
    assert.deepEqual(restarts(), []);
    const clusterStoreOpts = { "discovery.heartbeat": "10", "discovery.ttl": "30" };
    await clusterMember.update(still, inputsWith({ via: "service", clusterStoreOpts }), task());
    assert.equal(restarts().length, 1);
    assert.equal(docker.info.ClusterStore, "consul://10.77.0.1:8500");
  });

  it("that somebody takes away come back with no restart, as the engine runs with them still", async () => {
    for (const via of ["service", "daemonJson"]) {
      const { create, host, restarts, task } = world();
      const state = await create({ via, clusterStoreOpts: { "discovery.heartbeat": "10", "discovery.ttl": "30" } });
      if (via === "service") host.files.delete(dropIn);
      else host.files.set(settings, "{}\n");
      const found = (await clusterMember.read(state, task()))!;
      assert.equal(found.configured, false);
      const { clusterStoreOpts } = state;
      assert.deepEqual(await clusterMember.update(found, inputsWith({ via, clusterStoreOpts }), task()), state);
      assert.deepEqual(restarts(), []);
    }
  });

  it("goes back to the settings it had where it cannot join with the next, and is looked at again", async () => {
    const refuses = ({ clusterStoreOpts }: Partial<ClusterSettings>) => clusterStoreOpts?.["kv.path"] === "refused";
    for (const via of ["service", "daemonJson"]) {
      const { create, host, said, docker, task } = world({ refuses });
      const state = await create({ via });
      const before = new Map(host.files);
      const other = inputsWith({ via, clusterStoreOpts: { "kv.path": "refused" } });
      await assert.rejects(clusterMember.update(state, other, task()), (error: HalfDone) => {
        assert.equal((error.cause as CrosshostError).code, "not-ready");
        assert.equal((error.state as ClusterMemberState).joined, false);
        return true;
      });
      assert.ok(said.includes("10.77.0.1: restarting docker (back to the cluster settings it had)"));
      assert.deepEqual(new Map([...host.files].sort()), new Map([...before].sort()));
      assert.equal(docker.info.ClusterStore, "consul://10.77.0.1:8500");
      assert.deepEqual(await clusterMember.read(state, task()), state);
    }
  });

  it("is restarted with them in force where that is wanted, and again when it leaves", async () => {
    const { create, host, restarts, said, task } = world();
    host.files.set(settings, original);
    const state = await create({ via: "daemonJson", apply: "restart" });
    assert.equal(host.files.get(settings), merged);
    await clusterMember.delete(state, task());
    assert.equal(host.files.get(settings), original);
    assert.deepEqual(restarts(), [`${settings} put`, `${settings} put`]);
    assert.deepEqual(said, [
      "10.77.0.1: restarting docker (to join the cluster)",
      "10.77.0.1: the store was away while its engine started, which looks for it again within 20 s (discovery.heartbeat)",
      "10.77.0.1: restarting docker (it leaves the cluster)",
    ]);
  });

  it("is not touched when they move to the command line and back", async () => {
    const { create, host, restarts, task } = world();
    const state = await create({ via: "daemonJson" });
    const moved = await clusterMember.update(state, inputsWith(), task());
    assert.deepEqual([host.files.has(settings), host.files.has(dropIn)], [false, true]);
    await clusterMember.update(moved, inputsWith({ via: "daemonJson" }), task());
    assert.deepEqual([host.files.has(settings), host.files.has(dropIn)], [true, false]);
    assert.deepEqual(restarts(), []);
  });
});

describe("an engine that refuses its settings", () => {
  const refuses = { refuses: ({ clusterStore }: { clusterStore?: string }) => clusterStore !== undefined };

  it("runs again with what was there before, and the error has its own words", async () => {
    const { create, host } = world(refuses);
    await assert.rejects(create({ apply: "restart" }), {
      message: `host 10.77.0.1: docker does not start with ${flags}, and runs again with what was there before; its log ends: failed to start daemon: it is refused`,
    });
    assert.deepEqual([...host.files], []);
  });

  it("has the containers running again that ran before, those without a restart policy too", async () => {
    const { create, docker } = world(refuses);
    await docker.containers.create("web", { Image: "busybox:1.35" });
    await docker.containers.start("web");
    await assert.rejects(create({ apply: "restart" }));
    assert.equal((await docker.containers.inspect("web")).State.Running, true);
  });

  it("has none of them for its next start where it does not take them by a reload", async () => {
    for (const via of ["service", "daemonJson"]) {
      const { create, host } = world(refuses);
      await assert.rejects(create({ via }), {
        message:
          'timed out after 10 s waiting for the engine of host 10.77.0.1 to take the store consul://10.77.0.1:8500; last seen: its store is none; docker\'s log ends: cannot take "it"',
      });
      assert.deepEqual([...host.files], []);
    }
  });
});

describe("cluster settings that somebody else has made", () => {
  const byHand = { unit: unit.replace("$DOCKER_OPTS", flags) };

  it("are taken over by adopt where they are the wanted ones, and stay when the member goes", async () => {
    const { create, docker, consul, host, restarts, task } = world(byHand);
    docker.info.ClusterStore = "consul://10.77.0.1:8500";
    docker.info.ClusterAdvertise = "10.77.0.1:2376";
    consul.keys.set("docker/nodes/10.77.0.1:2376", "x");
    await assert.rejects(create(), {
      message: `host 10.77.0.1: docker.service has cluster flags already: ${flags}`,
      hint: "they are the wanted ones: take them over with `adopt: true`",
    });
    const state = await create({ adopt: true });
    assert.deepEqual(await clusterMember.read(state, task()), state);
    assert.deepEqual(restarts(), []);
    await clusterMember.delete(state, task());
    assert.deepEqual([...host.files], []);
  });

  it("are found where a variable of the unit has them", async () => {
    const { create } = world({ environment: { "/etc/default/docker": `DOCKER_OPTS="--debug ${flags}"\n` } });
    await assert.rejects(create({ adopt: true, clusterAdvertise: "eth0:1" }), {
      message: `host 10.77.0.1: docker.service has cluster flags already: ${flags}, where --cluster-store=consul://10.77.0.1:8500 --cluster-advertise=eth0:1 is wanted`,
    });
  });

  it("in daemon.json cannot move to the command line once taken over, where they would stand twice", async () => {
    const { create, docker, consul, host, task, changes } = world();
    const byHand = '{ "cluster-store": "consul://10.77.0.1:8500", "cluster-advertise": "eth0:2376" }\n';
    host.files.set(settings, byHand);
    docker.info.ClusterStore = "consul://10.77.0.1:8500";
    docker.info.ClusterAdvertise = "10.77.0.1:2376";
    consul.keys.set("docker/nodes/10.77.0.1:2376", "x");
    const state = await create({ via: "daemonJson", adopt: true });
    host.commands.length = 0;
    await assert.rejects(clusterMember.update(state, inputsWith({ adopt: true }), task()), {
      hint: 'take them out of that file first, or give `via: "daemonJson"`',
    });
    assert.deepEqual([changes(), host.files.get(settings)], [[], byHand]);
    // Others can take their place, by a restart, and what was taken over comes back.
    const other = { via: "daemonJson", adopt: true, clusterStore: "consul://10.77.0.1:8500/b" };
    const changed = await clusterMember.update(state, inputsWith(other), task());
    assert.match(host.files.get(settings)!, /8500\/b/);
    await clusterMember.delete(changed, task());
    assert.equal(host.files.get(settings), byHand);
  });

  it("in the other place are an error also with adopt", async () => {
    await assert.rejects(world(byHand).create({ adopt: true, via: "daemonJson" }), {
      hint: 'the engine refuses to start with a setting in two places: give `via: "service"`',
    });
  });
});

describe("a host that lacks what a member needs", () => {
  it("is refused where it has no systemd", async () => {
    const { create, host } = world();
    const run = host.run.bind(host);
    host.run = async (command, options) => {
      if ("text" in command || !command[2]?.includes("systemctl cat")) return await run(command, options);
      throw new CrosshostError("host 10.77.0.1: sh: exit code 127: sh: 2: systemctl: not found", {
        code: "command-failed",
      });
    };
    await assert.rejects(create(), {
      message: "host 10.77.0.1: it has no systemd, by which docker.service is configured",
      code: "unsupported",
    });
  });

  it("is refused where a TLS file is not there", async () => {
    const { create, host, changes } = world();
    host.files.set("/etc/ssl/ca.pem", "x");
    const clusterStoreOpts = {
      "kv.cacertfile": "/etc/ssl/ca.pem",
      "kv.certfile": "/etc/ssl/cert.pem",
      "kv.keyfile": "/k",
    };
    await assert.rejects(create({ clusterStoreOpts }), {
      message: 'host 10.77.0.1: `clusterStoreOpts["kv.certfile"]` is /etc/ssl/cert.pem, which is not there',
    });
    assert.deepEqual(changes(), []);
  });
});

describe("two hosts of one name", () => {
  it("are refused, naming both, with nothing touched", async () => {
    const { create, run, docker, changes } = world();
    const { Name: hostName } = docker.info;
    const clusterStore = "consul://10.77.0.1:8500";
    run.recorded({ host: "10.77.0.2", hostName, clusterStore, advertisedAddress: "10.77.0.2:2376" });
    await assert.rejects(create(), {
      message: `host 10.77.0.1: it has the host name "${hostName}", which another member of ${clusterStore} has too: host 10.77.0.2`,
    });
    assert.deepEqual(changes(), []);
  });
});

describe("an engine that a power loss has left without overlays", () => {
  async function broken() {
    const there = world();
    const state = await there.create();
    await there.docker.containers.create("web", { Image: "busybox:1.35" });
    const [container] = [...there.docker.containersById.values()];
    container!.State.Status = "exited";
    container!.State.Error = "network sandbox join failed: subnet sandbox: could not get network sandbox (oper true)";
    return { ...there, state, container: container! };
  }

  it("is seen when it is read, and restarted once by an update, with its containers", async () => {
    const { state, task, restarts, said, container } = await broken();
    const found = (await clusterMember.read(state, task()))!;
    assert.equal(found.overlaysUsable, false);
    assert.deepEqual(clusterMember.diff(found, inputsWith()), { changes: true, replaces: [] });
    said.length = 0;
    container.State.Error = "";
    const stillBroken = await broken();
    await clusterMember.update(stillBroken.state, inputsWith(), stillBroken.task());
    assert.deepEqual(stillBroken.restarts(), [`${dropIn} take`]);
    assert.ok(
      stillBroken.said.includes(
        "10.77.0.1: restarting docker, which a power loss has left unable to bring containers to their overlays; 1 container(s) will be running again afterwards",
      ),
    );
    assert.deepEqual(restarts(), []);
  });
});

describe("the boot repair", () => {
  it("is installed, again left alone, and removed without a trace", async () => {
    const { create, host, changes, task } = world();
    const state = await create({ bootRepair: true });
    assert.match(host.files.get(bootRepairUnit)!, /^# Made by pulumi-crosshost for lab\/dev\/host1; removed when/);
    assert.match(host.files.get(bootRepairUnit)!, /ExecStart=\/bin\/sh \S+\.sh 01004D0A restart\n/);
    assert.ok(host.commands.includes("systemctl enable --quiet crosshost-boot-repair.service"));
    assert.deepEqual(await clusterMember.read(state, task()), state);
    host.commands.length = 0;
    await create({ bootRepair: true });
    assert.deepEqual(changes(), []);
    host.files.set(script, "edited");
    assert.equal((await clusterMember.read(state, task()))!.bootRepair, false);
    await create({ bootRepair: true });
    await clusterMember.delete(state, task());
    assert.deepEqual([host.files.has(bootRepairUnit), host.files.has(script)], [false, false]);
  });

  it("without being asked for only reconnects, on the host that carries the store; its loss is drift", async () => {
    const { create, host, task } = world();
    const state = await create();
    assert.match(host.files.get(bootRepairUnit)!, /01004D0A keep\n/);
    host.files.delete(bootRepairUnit);
    const found = (await clusterMember.read(state, task()))!;
    assert.deepEqual([found.configured, found.bootRepair], [false, false]);
    await clusterMember.update(found, inputsWith(), task());
    assert.ok(host.files.has(bootRepairUnit));
  });

  it("is not there on a host without the store, unless asked for", async () => {
    const { create, host, task } = world();
    const elsewhere = { clusterStore: "consul://10.77.0.9:8500" };
    const state = await create({ ...elsewhere, bootRepair: true });
    assert.ok(host.files.has(bootRepairUnit));
    await clusterMember.update(state, inputsWith(elsewhere), task());
    assert.deepEqual([host.files.has(bootRepairUnit), host.files.has(script)], [false, false]);
  });

  it("needs the docker command: an error where it was asked for, a line where it was not", async () => {
    const { create, host, said } = world();
    const run = host.run.bind(host);
    host.run = async (command, options) =>
      "text" in command || command[2] !== "command -v docker"
        ? await run(command, options)
        : { stdout: "", stderr: "", exitCode: 1 };
    await assert.rejects(create({ bootRepair: true }), {
      message: "host 10.77.0.1: `bootRepair` needs the docker command, which the host has not",
    });
    await create();
    assert.equal(
      said.at(-1),
      "10.77.0.1: it carries the store but has no docker command: after a reboot its containers on overlays need `pulumi up --refresh`",
    );
  });

  it("of somebody else is left alone", async () => {
    const { create, host, task } = world();
    const state = await create();
    host.files.set(bootRepairUnit, "[Unit]\n");
    await clusterMember.delete(state, task());
    assert.equal(host.files.get(bootRepairUnit), "[Unit]\n");
  });
});

describe("leaving", () => {
  it("ends the registration also of an engine whose settings somebody has taken away", async () => {
    const { create, consul, host, task } = world();
    const state = await create();
    host.files.delete(dropIn);
    await clusterMember.delete(state, task());
    assert.deepEqual([...consul.keys], []);
    assert.ok(host.commands.includes("systemctl reload docker.service"));
  });

  it("and reading bear a drop-in that somebody has emptied", async () => {
    const { create, host, task } = world();
    const state = await create();
    host.files.set(dropIn, host.files.get(dropIn)!.replaceAll("ExecStart=", "#ExecStart="));
    const found = (await clusterMember.read(state, task()))!;
    assert.deepEqual([found.configured, found.clusterStore], [false, ""]);
    await clusterMember.delete(state, task());
    assert.equal(host.files.has(dropIn), false);
  });

  it("is refused while containers of the host are on overlays, which are named", async () => {
    const { create, docker, task, host } = world();
    const state = await create();
    await docker.networks.create({ Name: "ov_net1", Driver: "overlay" });
    await docker.containers.create("web", { Image: "busybox:1.35", HostConfig: { NetworkMode: "ov_net1" } });
    await docker.containers.start("web");
    await assert.rejects(clusterMember.delete(state, task()), {
      message:
        "host 10.77.0.1: its engine cannot leave the cluster while containers of it are on overlays: web (on ov_net1)",
    });
    assert.ok(host.files.has(dropIn));
  });
});

describe("a store's options", () => {
  const reasons = (clusterStoreOpts: unknown, more: object = {}) =>
    clusterMember
      .check({}, { ...news, ...more, clusterStoreOpts } as never, fakeRun({}).run)
      .failures.map(({ property, reason }) => `${property}: ${reason}`);

  it("pass where dockerd takes them", () => {
    assert.deepEqual(reasons({ "discovery.heartbeat": "5", "discovery.ttl": "20", "kv.path": "a/b" }), []);
    const files = { "kv.cacertfile": "/a", "kv.certfile": "/b", "kv.keyfile": "/c" };
    assert.deepEqual(reasons(files, { clusterStore: "etcd://10.77.0.1:2379" }), []);
    assert.deepEqual(reasons({ "discovery.ttl": "9" }, { clusterStore: "etcd://10.77.0.1:2379" }), []);
  });

  it("are held against each other and against the store, all at once", () => {
    assert.deepEqual(reasons({ "kv.path": "a b" }), [
      'clusterStoreOpts["kv.path"]: Expected `clusterStoreOpts["kv.path"]` to be without blanks, quotes and backslashes, got `a b`',
    ]);
    assert.deepEqual(reasons({ "kv.pth": "x", "discovery.heartbeat": "0", "kv.keyfile": "key.pem" }), [
      'clusterStoreOpts["discovery.heartbeat"]: Expected `clusterStoreOpts["discovery.heartbeat"]` to be a number of seconds, got `0`',
      'clusterStoreOpts["kv.keyfile"]: Expected `clusterStoreOpts["kv.keyfile"]` to be an absolute path on the host, got `key.pem`',
      'clusterStoreOpts["kv.pth"]: Unknown option `kv.pth` (there are: kv.path, kv.cacertfile, kv.certfile, kv.keyfile, discovery.heartbeat, discovery.ttl)',
      'clusterStoreOpts["kv.keyfile"]: Expected `kv.cacertfile` and `kv.certfile` beside `kv.keyfile`: Docker uses TLS only with all three',
    ]);
    assert.deepEqual(reasons({ "discovery.heartbeat": "30", "discovery.ttl": "30" }), [
      'clusterStoreOpts["discovery.ttl"]: Expected `clusterStoreOpts["discovery.ttl"]` to be more than `discovery.heartbeat` (30), got `30`',
    ]);
    assert.deepEqual(reasons({ "discovery.heartbeat": "5" }), [
      'clusterStoreOpts["discovery.heartbeat"]: Expected `clusterStoreOpts["discovery.ttl"]` to be 20 or more for a Consul, got `15` (three times the heartbeat, where it is not given)',
    ]);
    assert.deepEqual(reasons({ "kv.keyfile": "/k" }, { clusterStore: "zk://10.77.0.1:2181" }), [
      'clusterStoreOpts["kv.keyfile"]: Expected no `kv.keyfile`: Docker speaks to ZooKeeper without TLS only',
    ]);
  });
});

/** Inputs of an earlier version, which had fewer. */
describe("a member's old state", () => {
  it("is read and deleted as before", async () => {
    const { create, task, host } = world();
    const { via, apply, clusterStoreOpts, bootRepair, adopt, overlaysUsable, hostName, ownsDropInFolder, ...old } =
      await create();
    const found = (await clusterMember.read(old as never, task()))!;
    assert.deepEqual([found.joined, found.configured], [true, true]);
    await clusterMember.delete(old as never, task());
    assert.deepEqual([...host.files], []);
    assert.ok([via, apply, clusterStoreOpts, bootRepair, adopt, overlaysUsable, hostName, ownsDropInFolder]);
  });
});
