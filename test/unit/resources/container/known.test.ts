import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { container } from "../../../../provider/resources/container";
import { containerWorld, inputsWith } from "../../../helpers/containerWorld";

describe("the container that state knows", () => {
  let folder: string;
  let source: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "crosshost-known-"));
    source = join(folder, "app.conf");
    writeFileSync(source, "one");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const words = (docker: { mutations: string[] }, id: string) =>
    docker.mutations.map((call) => call.replaceAll(id, "ID"));

  it("stays in an update, whatever has become of the files it was made with", async () => {
    const { docker, create, update } = containerWorld();
    const uploads = [{ file: "/etc/app.conf", source, sourceHash: "1" }];
    const state = await create({ uploads });
    for (const change of [() => writeFileSync(source, "two"), () => rmSync(source)]) {
      change();
      docker.settle();
      const restart = state.restart === "always" ? "no" : "always";
      const after = await update(state, { uploads, restart });
      assert.equal(after.containerId, state.containerId);
      assert.deepEqual(
        words(docker, state.containerId).filter((call) => !call.startsWith("update")),
        [],
      );
    }
  });

  it("stays where its engine has learned since that a MAC address is an endpoint's", async () => {
    const { docker, create, update } = containerWorld();
    await docker.networks.create({ Name: "lan", IPAM: { Config: [{ Subnet: "10.9.0.0/24" }] } });
    const networksAdvanced = [{ name: "lan", macAddress: "02:00:00:00:00:07" }];
    const state = await create({ networksAdvanced });
    docker.engine.apiVersion = async () => "1.45";
    docker.settle();
    const after = await update(state, { networksAdvanced, restart: "always" });
    assert.deepEqual(words(docker, state.containerId), ['update container "ID"']);
    assert.deepEqual([after.containerId, after.apiVersion], [state.containerId, "1.45"]);
  });

  it("is replaced for a file that has changed, as the preview says; not for one that cannot be read", async () => {
    const { create } = containerWorld();
    const uploads = [{ file: "/etc/app.conf", source }];
    const state = await create({ uploads });
    const same = { changes: false, replaces: [] };
    assert.deepEqual(container.diff(state, inputsWith({ uploads })), same);
    writeFileSync(source, "two");
    assert.deepEqual(container.diff(state, inputsWith({ uploads })), { changes: true, replaces: ["uploads"] });
    rmSync(source);
    assert.deepEqual(container.diff(state, inputsWith({ uploads })), same);
    const { sourceHash: _, ...unread } = state.uploads![0]!;
    writeFileSync(source, "three");
    assert.deepEqual(container.diff({ ...state, uploads: [unread] }, inputsWith({ uploads })), same);
    const moved = [{ file: "/etc/other.conf", source }];
    assert.deepEqual(container.diff(state, inputsWith({ uploads: moved })).replaces, ["uploads"]);
  });

  it("goes as it has asked to where an interrupted run left it, and it is made anew", async () => {
    const { docker, create } = containerWorld();
    await create({ command: ["sleep", "1"] });
    await create({ command: ["sleep", "2"], destroyGraceSeconds: 3, removeVolumes: false });
    await create({ command: ["sleep", "3"] });
    assert.deepEqual(docker.asked, [
      ["stop", 3],
      ["remove", { force: true, volumes: false }],
      ["remove", { force: true, volumes: true }],
    ]);
  });
});

describe("a container that somebody renamed", () => {
  async function renamed() {
    const world = containerWorld();
    const state = await world.create();
    await world.docker.containers.rename("web1", "old");
    world.docker.settle();
    return { ...world, state };
  }

  it("is found by a refresh under its other name, and replaced", async () => {
    const { read, state } = await renamed();
    const found = (await read(state))!;
    assert.deepEqual([found.name, found.containerId], ["old", state.containerId]);
    assert.deepEqual(container.diff(found, inputsWith()), { changes: true, replaces: ["name"] });
  });

  it("has its name again after an update", async () => {
    const { docker, update, state, inspect } = await renamed();
    await update(state, { restart: "always" });
    assert.deepEqual(
      docker.mutations.map((call) => call.replaceAll(state.containerId, "ID")),
      ['rename container "ID" to "web1"', 'update container "ID"'],
    );
    assert.equal((await inspect()).Id, state.containerId);
  });

  it("keeps its other name where somebody else has the one it had, and the update fails", async () => {
    const { docker, update, state } = await renamed();
    const { Id } = await docker.containers.create("web1", { Image: "busybox:1.35" });
    await assert.rejects(
      update(state, { restart: "always" }),
      /rename container ".*" to "web1": Conflict\. The container name "\/web1" is already in use by container/,
    );
    assert.deepEqual(
      [...docker.containersById.values()].map((each) => [each.Id, each.Name]).sort(),
      [
        [state.containerId, "/old"],
        [Id, "/web1"],
      ].sort(),
    );
  });

  it("is what is deleted, and never a foreign one of the name it had", async () => {
    const { docker, remove, state } = await renamed();
    const { Id } = await docker.containers.create("web1", { Image: "busybox:1.35" });
    await remove(state);
    assert.deepEqual([...docker.containersById.keys()], [Id]);
    await remove(state);
    assert.deepEqual([...docker.containersById.keys()], [Id]);
  });
});
