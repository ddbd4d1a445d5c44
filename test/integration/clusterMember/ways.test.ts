import assert from "node:assert/strict";
import { type HostSnapshot, snapshot } from "../../../lab/snapshot";
import { clusterMember } from "../../../provider/resources/clusterMember";
import { compare } from "../../../tools/hostCheck";
import { DROP_IN, MemberLab } from "./member";

const SETTINGS = "/etc/docker/daemon.json";

describe("a member on a real host", function () {
  this.timeout("3m");
  let there: MemberLab;
  let original: HostSnapshot;
  let settings: string;

  before(async () => {
    there = await MemberLab.start("integration-member");
    await there.on(
      "docker",
      "run",
      "-d",
      "--name",
      "bystander",
      "--stop-signal",
      "KILL",
      "busybox:1.35",
      "sleep",
      "1d",
    );
    original = await snapshot(there.host);
    settings = await there.on("cat", SETTINGS);
  });
  after(() => there?.stop());

  const bystander = () => there.on("docker", "inspect", "-f", "{{.State.Running}} {{.State.StartedAt}}", "bystander");
  const changedFiles = () => there.on("find", "/etc", "-newer", "/root/mark");

  for (const via of ["service", "daemonJson"]) {
    for (const apply of ["live", "restart"]) {
      it(`via ${via}, ${apply}: joins, joins again without doing anything, takes other settings, and leaves nothing`, async () => {
        await there.restartEngine();
        await there.on("docker", "start", "bystander");
        const [pid, running] = [await there.enginePid(), await bystander()];

        const begun = performance.now();
        const state = await there.create({ via, apply });
        console.log(`      joined in ${Math.round(performance.now() - begun)} ms`);
        assert.equal(await there.isRegistered(), true);
        assert.deepEqual(await there.read(state), state);
        assert.equal((await there.enginePid()) === pid, apply === "live");
        if (apply === "live") assert.equal(await bystander(), running);
        assert.match(await bystander(), /^true /);
        const execStart = await there.on("systemctl", "show", "-p", "ExecStart", "docker.service");
        const flags = ` --cluster-store=${there.store.url} --cluster-advertise=eth0:2376 ;`;
        assert.equal(execStart.includes(flags), via === "service");
        assert.equal(
          await there.on("cat", SETTINGS),
          via === "service"
            ? settings
            : settings.replace(
                /(\n\s*)(\S[^\n]*)\n\}$/,
                `$1$2,$1"cluster-store": "${there.store.url}",$1"cluster-advertise": "eth0:2376"\n}`,
              ),
        );

        await there.on("touch", "/root/mark");
        const now = await there.enginePid();
        assert.deepEqual(await there.create({ via, apply }), state);
        assert.deepEqual(await there.update(state, { via, apply }), state);
        assert.deepEqual([await there.enginePid(), await changedFiles()], [now, ""]);

        there.run.said.length = 0;
        const changed = { via, apply, clusterStoreOpts: { "kv.path": "elsewhere" } };
        assert.deepEqual(clusterMember.diff(state, there.inputs(changed)), { changes: true, replaces: [] });
        const other = await there.update(state, changed);
        assert.equal(await there.isRegistered("elsewhere"), true);
        assert.equal(there.run.said.filter((line) => line.includes("restarting docker")).length, 1);
        assert.deepEqual(await there.read(other), other);
        assert.match(await bystander(), /^true /);

        await there.delete(other);
        assert.deepEqual(compare("host2", original, await snapshot(there.host)), []);
        assert.equal(await there.isRegistered("elsewhere"), false);
        const { ClusterStore } = JSON.parse(await there.on("docker", "info", "-f", "{{json .}}"));
        assert.equal(ClusterStore || "", apply === "live" ? there.store.url : "");
        assert.match(await bystander(), /^true /);
        await there.delete(other);
      });
    }
  }

  it("moves its settings from one place to the other without touching the engine", async () => {
    await there.restartEngine();
    const state = await there.create();
    const pid = await there.enginePid();
    const moved = await there.update(state, { via: "daemonJson" });
    assert.equal((await there.host.ssh(["test", "-e", DROP_IN])).exitCode, 1);
    assert.match(await there.on("cat", SETTINGS), /"cluster-store": "consul:/);
    assert.deepEqual(await there.read(moved), moved);
    const back = await there.update(moved, { via: "service" });
    assert.equal(await there.on("cat", SETTINGS), settings);
    assert.deepEqual(await there.read(back), back);
    assert.equal(await there.enginePid(), pid);
    await there.delete(back);
    assert.deepEqual(compare("host2", original, await snapshot(there.host)), []);
  });

  it("has a settings file only as long as it needs one where there was none", async () => {
    await there.on("mv", SETTINGS, "/root/daemon.json");
    try {
      await there.restartEngine();
      const without = await snapshot(there.host);
      const state = await there.create({ via: "daemonJson" });
      assert.equal(
        await there.on("cat", SETTINGS),
        `{\n  "cluster-store": "${there.store.url}",\n  "cluster-advertise": "eth0:2376"\n}`,
      );
      await there.delete(state);
      assert.deepEqual(compare("host2", without, await snapshot(there.host)), []);
    } finally {
      await there.on("mv", "/root/daemon.json", SETTINGS);
    }
  });

  it("keeps what somebody else changes in the settings file meanwhile", async () => {
    await there.restartEngine();
    const state = await there.create({ via: "daemonJson" });
    const edited = (await there.on("cat", SETTINGS)).replace("{", '{\n  "debug": false,');
    await there.write(SETTINGS, `${edited}\n`);
    assert.equal((await there.read(state)).configured, true);
    await there.delete(state);
    assert.equal(await there.on("cat", SETTINGS), settings.replace("{", '{\n  "debug": false,'));
    await there.write(SETTINGS, `${settings}\n`);
  });
});
