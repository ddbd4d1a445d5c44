import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type HostSnapshot, snapshot } from "../../../lab/snapshot";
import { restartWithChange, staged } from "../../../provider/engine/change";
import { FOLDER_IN_THE_MAKING, FOLDER_IS_OURS } from "../../../provider/engine/dropIn";
import { clusterMember } from "../../../provider/resources/clusterMember";
import type { ClusterMemberState } from "../../../provider/resources/clusterMember/inputs";
import { Deadline, waitFor } from "../../../provider/wait";
import { compare } from "../../../tools/hostCheck";
import { DROP_IN, MemberLab } from "./member";

const SETTINGS = "/etc/docker/daemon.json";
/** An engine that refuses one path of registration; in all else it is the host's own. */
const REFUSING_ENGINE = `#!/bin/sh
# libkv/store/consul
if echo "$*" | cat - ${SETTINGS} | grep -q refused; then
  echo "failed to start daemon: the path is refused" >&2
  exit 1
fi
exec /usr/sbin/dockerd "$@"
`;
const REFUSED = { "kv.path": "refused" };
const BAD_TLS = { "kv.cacertfile": "/root/bad.pem", "kv.certfile": "/root/bad.pem", "kv.keyfile": "/root/bad.pem" };

describe("a member whose host does not do what it should", function () {
  this.timeout("3m");
  let there: MemberLab;
  let original: HostSnapshot;
  let settings: string;

  before(async () => {
    there = await MemberLab.start("integration-faults");
    await there.write("/root/bad.pem", "no certificate\n");
    original = await snapshot(there.host);
    settings = await there.on("cat", SETTINGS);
  });
  after(() => there?.stop());

  const isAsBefore = async () => assert.deepEqual(compare("host2", original, await snapshot(there.host)), []);
  const hasJoined = (state: ClusterMemberState) =>
    waitFor<true>(
      async () => {
        const { joined, configured } = await there.read(state);
        return joined && configured ? { done: true } : { seen: JSON.stringify({ joined, configured }) };
      },
      { what: "the engine to be a member with its settings before", deadline: new Deadline(30_000) },
    );
  const engineRuns = async () => assert.equal(await there.on("systemctl", "is-active", "docker"), "active");

  /** Something of systemd's that is not ours, which a test takes away again. */
  async function withDropIn(name: string, text: string, work: () => Promise<void>): Promise<void> {
    await there.write(`/etc/systemd/system/docker.service.d/${name}`, text);
    await there.on("systemctl", "daemon-reload");
    try {
      await work();
    } finally {
      await there.on("rm", "-f", `/etc/systemd/system/docker.service.d/${name}`);
      await there.on("sh", "-c", "rmdir /etc/systemd/system/docker.service.d 2>/dev/null; systemctl daemon-reload");
    }
  }

  async function withRefusingEngine(secondsToStart: number, work: () => Promise<void>): Promise<void> {
    await there.write("/root/dockerd", REFUSING_ENGINE);
    await there.on("chmod", "755", "/root/dockerd");
    const unit = `[Service]\nExecStartPre=/bin/sleep ${secondsToStart}\nExecStart=\nExecStart=/root/dockerd -H fd://\n`;
    await withDropIn("10-refusing.conf", unit, async () => {
      await there.restartEngine();
      await work();
    });
    await there.restartEngine();
  }

  for (const via of ["service", "daemonJson"]) {
    it(`via ${via}: an engine that does not start with its settings runs again with the old ones, and says why`, async () => {
      await withRefusingEngine(0, async () => {
        const before = await snapshot(there.host);
        const wanted =
          via === "service"
            ? `--cluster-store=${there.store.url} --cluster-advertise=eth0:2376 --cluster-store-opt=kv.path=refused`
            : `these settings in ${SETTINGS}`;
        const refusal = {
          message: `host ${there.host.address}: docker does not start with ${wanted}, and runs again with what was there before; its log ends: failed to start daemon: the path is refused`,
        };
        await assert.rejects(there.create({ via, apply: "restart", clusterStoreOpts: REFUSED }), refusal);
        await engineRuns();
        assert.deepEqual(compare("host2", before, await snapshot(there.host)), []);
        const state = await there.create({ via });
        await assert.rejects(there.update(state, { via, apply: "restart", clusterStoreOpts: REFUSED }), refusal);
        await engineRuns();
        assert.equal((await there.read(state)).configured, true);
        const elsewhere = { via: via === "service" ? "daemonJson" : "service" };
        await assert.rejects(
          there.update(state, { ...elsewhere, apply: "restart", clusterStoreOpts: REFUSED }),
          /docker does not start with .*, and runs again with what was there before/,
        );
        await hasJoined(state);
        await there.delete(state);
        assert.deepEqual(compare("host2", before, await snapshot(there.host)), []);
      });
      await isAsBefore();
    });

    it(`via ${via}: an engine that takes no settings by a reload keeps none for its next start`, async () => {
      await there.restartEngine();
      // The engine refuses to read such a file, and runs on.
      await there.write(SETTINGS, `${settings.replace("{", '{ "no-such-setting": true,')}\n`);
      const before = await snapshot(there.host);
      await assert.rejects(there.create({ via }, 6_000), { code: "not-ready", message: /no-such-setting/ });
      assert.deepEqual(compare("host2", before, await snapshot(there.host)), []);
      await there.write(SETTINGS, `${settings}\n`);
      await isAsBefore();
      await there.restartEngine();
      await engineRuns();
    });

    it(`via ${via}: a connection that breaks in the middle of a restart leaves an engine that runs with its settings`, async () => {
      await there.restartEngine();
      await withDropIn("slow.conf", "[Service]\nExecStartPre=/bin/sleep 3\n", async () => {
        await cutDuring({ via, apply: "restart" });
        await waitFor(
          async () => {
            const { stdout } = await there.host.ssh(["docker", "info", "-f", "{{.ClusterStore}}"]);
            return stdout.trim() === there.store.url ? { done: true } : { seen: stdout };
          },
          { what: "the engine to come up by itself", deadline: new Deadline(30_000) },
        );
        there.run.said.length = 0;
        const state = await there.create({ via, apply: "restart" });
        assert.deepEqual(
          there.run.said.filter((line) => line.includes("restarting")),
          [],
        );
        await there.delete({ ...state, apply: "live" });
      });
      await isAsBefore();
    });

    it(`via ${via}: a power failure in the middle of a restart leaves what the next create can finish`, async () => {
      await there.restartEngine();
      await withDropIn("slow.conf", "[Service]\nExecStartPre=/bin/sleep 3\n", async () => {
        await interrupt({ via, apply: "restart" }, () => there.host.reboot("powerLoss"));
        const file = via === "service" ? DROP_IN : SETTINGS;
        const kept = via === "service" ? `${file}.crosshost-absent` : `${file}.crosshost-original`;
        await there.on("test", "-e", kept);
        there.run.said.length = 0;
        const state = await there.create({ via });
        assert.match(there.run.said.join("\n"), /put back what an interrupted change of docker\.service had left/);
        assert.deepEqual(await there.read(state), state);
        await there.delete(state);
      });
      await isAsBefore();
    });

    it(`via ${via}: a connection that breaks while the settings are bad leaves the engine running with the old ones`, async () => {
      await there.restartEngine();
      await withRefusingEngine(2, async () => {
        await cutDuring({ via, apply: "restart", clusterStoreOpts: REFUSED });
        const state = await there.create({ via });
        await engineRuns();
        await there.delete(state);
      });
      await isAsBefore();
    });
  }

  /** Begins a create and cuts its connection while the engine restarts. */
  async function cutDuring(inputs: object): Promise<void> {
    await interrupt(inputs, () => there.host.ssh(["pkill", "-KILL", "-f", "sshd: root@notty"]));
  }

  /** Begins a create and does something to the host while its engine restarts. */
  async function interrupt(inputs: object, how: () => Promise<unknown>): Promise<void> {
    there.run.said.length = 0;
    const creating = there.create(inputs);
    creating.catch(() => undefined);
    await waitFor(
      async () =>
        there.run.said.some((line) => line.includes("restarting docker")) ? { done: true } : { seen: "nothing yet" },
      { what: "the restart", deadline: new Deadline(30_000) },
    );
    await sleep(1_000);
    await how();
    await assert.rejects(creating, { code: "connection-lost" });
  }

  describe("is refused, with nothing touched,", () => {
    // An engine keeps a store until it starts again, and is in no swarm with one.
    before(() => there.restartEngine());

    const cases: [string, object, string, string, RegExp][] = [
      ["without the interface", { clusterAdvertise: "eth9:2376" }, "", "", /`clusterAdvertise`.* eth9/],
      [
        "where the interface has no IPv4 address",
        { clusterAdvertise: "bare:2376" },
        "ip link add bare type veth peer name bare2",
        "ip link delete bare",
        /`clusterAdvertise`.* bare/,
      ],
      [
        "with an address that is not the host's",
        { clusterAdvertise: "10.99.0.1:2376" },
        "",
        "",
        /`clusterAdvertise` is 10\.99\.0\.1, which is not its address$/,
      ],
      [
        "where docker.service is masked",
        {},
        "systemctl mask docker.service",
        "systemctl unmask docker.service",
        /docker\.service is masked: systemd does not start it$/,
      ],
      [
        "in a swarm",
        {},
        "docker swarm init --advertise-addr $(hostname -I | cut -d ' ' -f 1)",
        "docker swarm leave --force; docker network rm docker_gwbridge",
        /its engine is part of a swarm, which excludes a cluster store$/,
      ],
    ];
    for (const [what, inputs, prepare, undo, message] of cases) {
      it(what, async () => {
        await there.on("sh", "-c", prepare);
        try {
          const before = await snapshot(there.host);
          const pid = await there.enginePid();
          await assert.rejects(there.create(inputs), { message });
          assert.deepEqual(compare("host2", before, await snapshot(there.host)), []);
          assert.equal(await there.enginePid(), pid);
        } finally {
          await there.on("sh", "-c", undo);
        }
        await isAsBefore();
      });
    }

    it("where another member of the cluster has its name, or its address", async () => {
      const { run } = there.run.task();
      const other = { host: "10.99.0.9", clusterStore: there.store.url, advertisedAddress: "10.99.0.9:2376" };
      run.recorded({ ...other, hostName: "host2" });
      await assert.rejects(there.create(), { message: /it has the host name "host2", which another member of .* has/ });
      run.members.left(other.host);
      run.recorded({ ...other, hostName: "host9", advertisedAddress: `${there.host.address}:2376` });
      await assert.rejects(there.create(), { message: /it has the advertised address \S+, which another member/ });
      run.members.left(other.host);
      await isAsBefore();
    });
  });

  it("has no daemon.json afterwards where it had none", async () => {
    await there.on("rm", SETTINGS);
    await there.restartEngine();
    const before = await snapshot(there.host);
    for (const way of [{}, { via: "daemonJson" }, { via: "daemonJson", apply: "restart" }]) {
      await there.restartEngine();
      await there.delete(await there.create(way));
      assert.deepEqual(compare("host2", before, await snapshot(there.host)), [], JSON.stringify(way));
    }
    await there.write(SETTINGS, `${settings}\n`);
    await there.restartEngine();
    await isAsBefore();
  });

  it("has nothing left of runs that were cut off while they laid the drop-in's folder", async () => {
    await there.restartEngine();
    await there.on("mkdir", FOLDER_IN_THE_MAKING);
    await there.write(staged(DROP_IN), `${FOLDER_IS_OURS}\n[Service]\n`);
    const state = await there.create();
    assert.deepEqual(await there.read(state), state);
    await there.delete(state);
    await isAsBefore();
  });

  it("is told from one whose engine hangs at its start, which is given up", async () => {
    await there.restartEngine();
    await withDropIn("hangs.conf", "[Service]\nExecStartPre=/bin/sleep 60\n", async () => {
      const host = await there.reach();
      await assert.rejects(restartWithChange(host, DROP_IN, "keep", "its own settings", 2), {
        code: "docker-not-there",
        message: /docker does not start with its own settings, nor with what was there before, which is put back/,
      });
    });
    await there.restartEngine();
    await isAsBefore();
  });

  it("whose certificates are none is told so, before anything is written", async () => {
    await assert.rejects(there.create({ clusterStoreOpts: BAD_TLS }), {
      code: "unsupported",
      message: /^the certificates for the store cannot be used: /,
    });
    await isAsBefore();
  });

  it("is a member again after its engine was killed", async () => {
    await there.restartEngine();
    const state = await there.create();
    await there.on("systemctl", "kill", "-s", "KILL", "docker.service");
    await waitFor(
      async () => {
        try {
          return (await there.read(state)).joined ? { done: true } : { seen: "not joined" };
        } catch (error) {
          return { seen: (error as Error).message };
        }
      },
      { what: "the engine to join by itself", deadline: new Deadline(60_000) },
    );
    await there.delete(state);
  });

  it("takes over flags that were put there by hand when told to, with no restart, and leaves them there", async () => {
    const flags = `--cluster-store=${there.store.url} --cluster-advertise=eth0:2376`;
    const byHand = `[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd:// ${flags}\n`;
    await withDropIn("10-hand.conf", byHand, async () => {
      await there.restartEngine();
      const before = await snapshot(there.host);
      await assert.rejects(there.create(), {
        message: `host ${there.host.address}: docker.service has cluster flags already: ${flags}`,
        hint: "they are the wanted ones: take them over with `adopt: true`",
      });
      await assert.rejects(there.create({ adopt: true, clusterAdvertise: "eth0:1" }), {
        message: `host ${there.host.address}: docker.service has cluster flags already: ${flags}, where --cluster-store=${there.store.url} --cluster-advertise=eth0:1 is wanted`,
      });
      const pid = await there.enginePid();
      const state = await there.create({ adopt: true });
      assert.deepEqual(await there.read(state), state);
      assert.deepEqual(await there.update(state, { adopt: true }), state);
      assert.equal(await there.enginePid(), pid);
      await there.delete(state);
      assert.deepEqual(compare("host2", before, await snapshot(there.host)), []);
      assert.equal(await there.enginePid(), pid);
      assert.equal(await there.isRegistered(), true);
    });
  });

  it("takes over settings that stand in daemon.json when told to, and leaves them there to the letter", async () => {
    const keys = `"cluster-store":"${there.store.url}","cluster-advertise" :  "eth0:2376"`;
    await there.write(SETTINGS, `${settings.replace("{", `{ ${keys},`)}\n`);
    await there.restartEngine();
    const before = await snapshot(there.host);
    await assert.rejects(there.create({ via: "daemonJson" }), {
      message: `host ${there.host.address}: ${SETTINGS} has cluster-store, cluster-advertise already`,
    });
    await assert.rejects(there.create({ adopt: true }), {
      hint: 'take them out of that file first, or give `via: "daemonJson"`',
    });
    const pid = await there.enginePid();
    const state = await there.create({ via: "daemonJson", adopt: true });
    assert.deepEqual(await there.read(state), state);
    assert.equal(await there.enginePid(), pid);
    await there.delete(state);
    assert.deepEqual(compare("host2", before, await snapshot(there.host)), []);
    await there.write(SETTINGS, `${settings}\n`);
  });

  describe("shows what was changed by hand when it is read, and updates put it right without a restart:", () => {
    const cases: [string, object, () => Promise<unknown>, Partial<ClusterMemberState>][] = [
      ["a drop-in that was removed", {}, () => there.on("rm", DROP_IN), { clusterStore: "", configured: false }],
      [
        "a drop-in that was edited",
        {},
        () => there.on("sed", "-i", "s/-H fd/--debug -H fd/", DROP_IN),
        { configured: false },
      ],
      [
        "settings that were taken out of daemon.json",
        { via: "daemonJson" },
        () => there.write(SETTINGS, `${settings}\n`),
        { clusterStore: "", configured: false },
      ],
      [
        "a boot repair that was switched off",
        { bootRepair: true },
        () => there.on("systemctl", "disable", "crosshost-boot-repair.service"),
        { bootRepair: false },
      ],
    ];
    for (const [what, inputs, change, seen] of cases) {
      it(what, async () => {
        await there.restartEngine();
        const state = await there.create(inputs);
        const pid = await there.enginePid();
        await change();
        const found = await there.read(state);
        assert.deepEqual(
          Object.fromEntries(Object.keys(seen).map((key) => [key, found[key as keyof typeof found]])),
          seen,
        );
        assert.equal(clusterMember.diff(found, there.inputs(inputs)).changes, true);
        const repaired = await there.update(found, inputs);
        assert.deepEqual(await there.read(repaired), repaired);
        assert.equal(await there.enginePid(), pid);
        await there.delete(repaired);
        await there.on("systemctl", "daemon-reload");
        await isAsBefore();
      });
    }

    it("a later drop-in that overrides ours, which only its owner can take away", async () => {
      await there.restartEngine();
      const state = await there.create();
      await withDropIn("zzz.conf", "[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd://\n", async () => {
        const found = await there.read(state);
        assert.equal(found.configured, false);
        await assert.rejects(there.update(found), {
          message: `host ${there.host.address}: /etc/systemd/system/docker.service.d/zzz.conf sets the engine's command line, and systemd reads it after ours`,
        });
      });
      await there.delete(state);
    });
  });

  it("does not let go of an engine whose containers are on overlays, and names them", async () => {
    await there.restartEngine();
    const state = await there.create();
    await there.on("docker", "network", "create", "-d", "overlay", "--subnet", "10.210.0.0/24", "faults");
    await there.on("docker", "run", "-d", "--name", "guest", "--network", "faults", "busybox:1.35", "sleep", "1d");
    await assert.rejects(there.delete(state), {
      message: `host ${there.host.address}: its engine cannot leave the cluster while containers of it are on overlays: guest (on faults)`,
    });
    assert.deepEqual(await there.read(state), state);
    await there.on("docker", "rm", "-f", "guest");
    await there.on("docker", "network", "rm", "faults");
    await there.delete(state);
    await isAsBefore();
  });
});
