import assert from "node:assert/strict";
import { clusterMember } from "../../../../provider/resources/clusterMember";
import type { ClusterMemberInputs, ClusterMemberState } from "../../../../provider/resources/clusterMember/inputs";
import { FakeConsul } from "../../../helpers/fakeConsul";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";
import { dropIn, folder, memberHost, settings, unit } from "../../../helpers/memberHost";

const news = {
  owner: "lab/dev/host1",
  connection: connectionTo("10.77.0.1"),
  clusterStore: "consul://10.77.0.1:8500",
  clusterAdvertise: "eth0:2376",
};
const inputsWith = (changed: object = {}) => checked(clusterMember, { ...news, ...changed });

function world(options: Parameters<typeof memberHost>[0] = {}) {
  const member = memberHost(options);
  const { run, said } = fakeRun({ "10.77.0.1": member });
  const task = () => fakeTask(run);
  const create = (inputs: ClusterMemberInputs = inputsWith()) => clusterMember.create(inputs, task());
  return { ...member, said, task, create };
}

const wantedDropIn = (more = "# The folder of this file was made with it.\n") =>
  `# Made by pulumi-crosshost for lab/dev/host1; removed when that resource is deleted.
${more}[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS --cluster-store=consul://10.77.0.1:8500 --cluster-advertise=eth0:2376
`;

describe("creating a ClusterMember", () => {
  it("writes the drop-in and joins live, with nothing restarted", async () => {
    const { create, host, consul, said, restarts } = world();
    const state = await create();
    assert.equal(host.files.get(dropIn), wantedDropIn());
    assert.deepEqual([...consul.keys.keys()], ["docker/nodes/10.77.0.1:2376"]);
    assert.deepEqual(restarts(), []);
    assert.deepEqual([state.engineVersion, state.advertisedAddress], ["20.10.5", "10.77.0.1:2376"]);
    assert.deepEqual(said, ["10.77.0.1: joining consul://10.77.0.1:8500 as 10.77.0.1:2376"]);
  });

  it("keeps the other settings while it lends the engine a settings file", async () => {
    const { create, host } = world();
    host.files.set(settings, '{ "registry-mirrors": ["http://10.77.0.254:5000"] }');
    let lent = "";
    const write = host.writeFile.bind(host);
    host.writeFile = async (path, content) => {
      if (path === `${settings}.crosshost`) lent = content.toString();
      return write(path, content);
    };
    await create();
    assert.deepEqual(JSON.parse(lent), {
      "registry-mirrors": ["http://10.77.0.254:5000"],
      "cluster-store": "consul://10.77.0.1:8500",
      "cluster-advertise": "eth0:2376",
    });
    assert.equal(host.files.get(settings), '{ "registry-mirrors": ["http://10.77.0.254:5000"] }');
  });

  it("remembers that the folder was there before", async () => {
    const { create, host } = world({ hasFolder: true });
    await create();
    assert.equal(host.files.get(dropIn), wantedDropIn(""));
  });

  it("again changes nothing", async () => {
    const { create, host, changes } = world();
    const first = await create();
    host.commands.length = 0;
    assert.deepEqual(await create(), first);
    assert.deepEqual(changes(), []);
  });

  it("restarts an engine that had another store, says so, and starts what ran before", async () => {
    const { create, docker, said, restarts } = world();
    docker.info.ClusterStore = "consul://10.77.0.9:8500";
    await docker.containers.create("web", { Image: "busybox:1.35" });
    await docker.containers.start("web");
    await create();
    assert.deepEqual(restarts(), [`${dropIn} keep`]);
    assert.equal((await docker.containers.inspect("web")).State.Running, true);
    assert.deepEqual(said, [
      "10.77.0.1: restarting docker, which has had the store consul://10.77.0.9:8500 since its start; 1 container(s) will be running again afterwards",
      "10.77.0.1: joining consul://10.77.0.1:8500 as 10.77.0.1:2376",
    ]);
  });

  it("restarts an engine that has left the cluster and still shows its store", async () => {
    const { create, task, restarts } = world();
    const state = await create();
    await clusterMember.delete(state, task());
    await create();
    assert.deepEqual(restarts(), [`${dropIn} keep`]);
  });

  it("says at its deadline that the store has no leader, with nothing touched", async () => {
    const consul = new FakeConsul();
    consul.leader = "";
    const { task, changes } = world({ consul });
    const mine = task();
    await assert.rejects(clusterMember.create(inputsWith(), mine), {
      message:
        "timed out after 30 s waiting for the store consul://10.77.0.1:8500 as seen from host 10.77.0.1; last seen: no leader",
    });
    assert.equal(mine.touched, false);
    assert.deepEqual(changes(), []);
  });

  it("is recorded when it fails on a drop-in that an interrupted run left", async () => {
    const { create, consul, task } = world();
    await create();
    consul.leader = "";
    const mine = task();
    await assert.rejects(clusterMember.create(inputsWith(), mine));
    assert.equal(mine.touched, true);
  });
});

describe("a host that cannot be a member is refused, with nothing touched:", () => {
  const cases: {
    what: string;
    options?: Parameters<typeof memberHost>[0];
    prepare?: (w: ReturnType<typeof world>) => void;
    inputs?: object;
    message: string | RegExp;
    hint?: string;
  }[] = [
    {
      what: "a user who is not root and cannot become it",
      options: { user: "admin" },
      message: "host 10.77.0.1: cannot change docker.service: that needs root",
    },
    {
      what: "Docker without cluster stores",
      prepare: ({ docker }) => {
        docker.info.ServerVersion = "26.1.5+dfsg1";
      },
      message:
        "host 10.77.0.1: Docker 26.1.5+dfsg1 cannot join a key-value store: cluster stores ended with Docker 20.10",
      hint: "on Docker 23 and later, networks across hosts are Swarm-scoped overlays",
    },
    {
      what: "an engine in a swarm",
      prepare: ({ docker }) => {
        docker.info.Swarm.LocalNodeState = "active";
      },
      message: "host 10.77.0.1: its engine is part of a swarm, which excludes a cluster store",
      hint: "`docker swarm leave` first",
    },
    {
      what: "a unit with both flags",
      options: { unit: unit.replace("$DOCKER_OPTS", "--cluster-store=etcd://e:2379 --cluster-advertise=eth1:1") },
      message:
        "host 10.77.0.1: docker.service has cluster flags already: --cluster-store=etcd://e:2379 --cluster-advertise=eth1:1, where --cluster-store=consul://10.77.0.1:8500 --cluster-advertise=eth0:2376 is wanted",
      hint: "take them out of the unit first",
    },
    {
      what: "a unit with one flag",
      options: { unit: unit.replace("$DOCKER_OPTS", "--cluster-advertise=eth1:1") },
      message:
        "host 10.77.0.1: docker.service has cluster flags already: --cluster-advertise=eth1:1, where --cluster-store=consul://10.77.0.1:8500 --cluster-advertise=eth0:2376 is wanted",
    },
    {
      what: "a settings file with the same settings",
      prepare: ({ host }) => {
        host.files.set(settings, '{"debug":true,"cluster-store":"x","cluster-store-opts":{}}');
      },
      message:
        "host 10.77.0.1: /etc/docker/daemon.json has cluster-store, cluster-store-opts already, and the engine refuses to start with the same setting twice",
      hint: 'take them out of that file first, or give `via: "daemonJson"`',
    },
    {
      what: "a settings file that is not JSON",
      prepare: ({ host }) => {
        host.files.set(settings, "{,}");
      },
      message: /^host 10\.77\.0\.1: \/etc\/docker\/daemon\.json is not JSON: /,
    },
    {
      what: "a member of another program's",
      prepare: ({ host }) => {
        host.files.set(dropIn, wantedDropIn().replace("lab/dev/host1", "lab/prod/host1"));
      },
      message: "host 10.77.0.1: its engine is a cluster member already, of lab/prod/host1",
      hint: "an engine can be in one cluster only",
    },
    {
      what: "a drop-in of our name that is not ours",
      prepare: ({ host }) => {
        host.files.set(dropIn, "[Service]\nExecStart=\nExecStart=/bin/x\n");
      },
      message: `host 10.77.0.1: ${dropIn} is not one that pulumi-crosshost made`,
      hint: "move it away or remove it",
    },
    {
      what: "an engine that was built without Consul",
      options: { hasConsul: false },
      message: "host 10.77.0.1: its Docker 20.10.5 was built without consul as a cluster store",
    },
    {
      what: "a unit whose command line a later drop-in sets",
      options: {
        unit: `${unit}\n# ${folder}/zzz.conf\n[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd://\n`,
      },
      message: `host 10.77.0.1: ${folder}/zzz.conf sets the engine's command line, and systemd reads it after ours`,
      hint: "give it a name that comes before zz-crosshost.conf",
    },
    {
      what: "a unit that is masked",
      options: { unit: "# Unit docker.service is masked.\n" },
      message: "host 10.77.0.1: docker.service is masked: systemd does not start it",
      hint: "systemctl unmask docker.service, if Docker is to run there",
    },
    {
      what: "an interface that is not there",
      inputs: { clusterAdvertise: "eth7:2376" },
      message:
        "host 10.77.0.1: `clusterAdvertise` names the interface eth7, which does not exist or has no IPv4 address",
      hint: "interfaces with one: lo (127.0.0.1), eth0 (10.77.0.1)",
    },
    {
      what: "an address that is another host's",
      inputs: { clusterAdvertise: "10.77.0.2:2376" },
      message: "host 10.77.0.1: `clusterAdvertise` is 10.77.0.2, which is not its address",
      hint: "its addresses: 127.0.0.1, 10.77.0.1",
    },
  ];
  for (const { what, options, prepare, inputs, message, hint } of cases) {
    it(what, async () => {
      const there = world(options);
      prepare?.(there);
      const mine = there.task();
      await assert.rejects(clusterMember.create(inputsWith(inputs), mine), (error: Error & { hint?: string }) => {
        if (typeof message === "string") assert.equal(error.message, message);
        else assert.match(error.message, message);
        if (hint !== undefined) assert.equal(error.hint, hint);
        return true;
      });
      assert.deepEqual(there.changes(), []);
      assert.equal(mine.touched, false);
    });
  }

  it("a host without Docker's service", async () => {
    const { host, create } = world();
    const run = host.run.bind(host);
    host.run = (command, options) =>
      "text" in command || !command[2]?.includes("systemctl cat")
        ? run(command, options)
        : run(["test", "-d", "/nowhere"], options);
    await assert.rejects(create(), {
      message: "host 10.77.0.1: there is no docker.service to configure",
      hint: "Docker has to be installed as a systemd service",
    });
  });
});

describe("updating a ClusterMember", () => {
  it("changes nothing for a new credential", async () => {
    const { create, host, task, changes } = world();
    const olds = await create();
    host.commands.length = 0;
    await clusterMember.update(olds, inputsWith({ connection: connectionTo("10.77.0.1", { password: "x" }) }), task());
    assert.deepEqual(changes(), []);
  });

  it("restarts the engine for another store, and the drop-in then names that one", async () => {
    const { create, host, task, restarts } = world();
    const olds = await create();
    await clusterMember.update(olds, inputsWith({ clusterStore: "consul://10.77.0.1:8500/other" }), task());
    assert.deepEqual(restarts(), [`${dropIn} take`]);
    assert.match(host.files.get(dropIn)!, /--cluster-store=consul:\/\/10\.77\.0\.1:8500\/other /);
  });

  it("renews the drop-in where the package has changed the unit's own line", async () => {
    const { create, host, task } = world();
    const olds = await create();
    host.files.set(dropIn, host.files.get(dropIn)!.replace("/usr/sbin/dockerd", "/usr/bin/dockerd-old"));
    await clusterMember.update(olds, inputsWith(), task());
    assert.equal(host.files.get(dropIn), wantedDropIn());
  });
});

describe("reading a ClusterMember", () => {
  it("finds no difference where there is none", async () => {
    const { create, task } = world();
    const state = await create();
    assert.deepEqual(await clusterMember.read(state, task()), state);
  });

  it("finds a drop-in that somebody took away, and an engine that is outside its cluster", async () => {
    const { create, task, host, docker } = world();
    const state = await create();
    host.files.delete(dropIn);
    docker.info.ClusterStore = "";
    const found = await clusterMember.read(state, task());
    assert.deepEqual([found?.clusterStore, found?.clusterAdvertise, found?.joined], ["", "", false]);
    assert.deepEqual(clusterMember.diff(found!, inputsWith()), { changes: true, replaces: [] });
  });
});

describe("what refresh finds on a member's host, and up puts right:", () => {
  const drifts: [string, (there: ReturnType<typeof world>) => void, string[]][] = [
    [
      "a drop-in that was edited",
      ({ host }) => host.files.set(dropIn, host.files.get(dropIn)!.replace("-H fd://", "-H fd:// --debug")),
      ["write /etc/systemd/system/docker.service.d/zz-crosshost.conf", "systemctl daemon-reload"],
    ],
    [
      "an entry that the store has lost",
      ({ consul, docker }) => {
        consul.keys.clear();
        // An engine that was reloaded by somebody else registers no more until its next start.
        docker.info.ClusterAdvertise = "10.77.0.1:2376";
      },
      [],
    ],
  ];
  for (const [what, drift, repair] of drifts) {
    it(what, async () => {
      const there = world();
      const state = await there.create();
      drift(there);
      const found = (await clusterMember.read(state, there.task()))!;
      assert.deepEqual(clusterMember.diff(found, inputsWith()), { changes: true, replaces: [] });
      if (repair.length === 0) return;
      there.host.commands.length = 0;
      const repaired = await clusterMember.update(found, inputsWith(), there.task());
      assert.deepEqual(there.changes(), repair);
      assert.deepEqual(await clusterMember.read(repaired, there.task()), repaired);
    });
  }
});

describe("deleting a ClusterMember", () => {
  it("takes the drop-in away with its folder, and the engine's entry in the store", async () => {
    const { create, task, host, consul, folders, restarts, said } = world();
    const state = await create();
    host.commands.length = 0;
    await clusterMember.delete(state, task());
    assert.equal(host.files.has(dropIn), false);
    assert.equal(folders.has(folder), false);
    assert.deepEqual([...consul.keys], []);
    assert.deepEqual(restarts(), []);
    assert.equal(
      said.at(-1),
      "10.77.0.1: has left the cluster; `docker info` shows the store until docker's next start",
    );
  });

  it("leaves a folder that was there before", async () => {
    const { create, task, folders } = world({ hasFolder: true });
    await clusterMember.delete(await create(), task());
    assert.equal(folders.has(folder), true);
  });

  it("again is success", async () => {
    const { create, task } = world();
    const state = await create();
    await clusterMember.delete(state, task());
    await clusterMember.delete(state, task());
  });

  it("leaves another resource's drop-in alone", async () => {
    const { task, host } = world();
    const theirs = wantedDropIn().replace("lab/dev/host1", "lab/prod/host1");
    host.files.set(dropIn, theirs);
    await clusterMember.delete(inputsWith() as ClusterMemberState, task());
    assert.equal(host.files.get(dropIn), theirs);
  });

  it("needs no store: an entry that cannot be removed expires by itself", async () => {
    const { create, task, consul, host } = world();
    const state = await create();
    consul.open = () => {
      throw new Error("connection refused");
    };
    await clusterMember.delete(state, task());
    assert.equal(host.files.has(dropIn), false);
  });
});
