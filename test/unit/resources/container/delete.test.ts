import assert from "node:assert/strict";
import { containerWorld } from "../../../helpers/containerWorld";

describe("deleting a Container", () => {
  const asked = async (changed: object) => {
    const { docker, create, remove } = containerWorld();
    const state = await create(changed);
    await remove(state);
    assert.equal(docker.containersById.size, 0);
    return docker.asked;
  };
  const removed = ["remove", { force: true, volumes: true }];

  it("kills it at once, and takes its anonymous volumes with it", async () => {
    assert.deepEqual(await asked({}), [removed]);
  });

  it("gives it `destroyGraceSeconds`, or else `stopTimeout`, to end by itself", async () => {
    assert.deepEqual(await asked({ destroyGraceSeconds: 3 }), [["stop", 3], removed]);
    assert.deepEqual(await asked({ stopTimeout: 7 }), [["stop", 7], removed]);
    assert.deepEqual(await asked({ stopTimeout: 7, destroyGraceSeconds: 0 }), [removed]);
  });

  it("leaves its anonymous volumes where `removeVolumes` is false", async () => {
    assert.deepEqual(await asked({ removeVolumes: false }), [["remove", { force: true, volumes: false }]]);
  });

  it("does not wait for one that is paused, and cannot hear", async () => {
    const { docker, create, remove } = containerWorld();
    const state = await create({ destroyGraceSeconds: 3 });
    docker.find("", "web1").State.Paused = true;
    await remove(state);
    assert.deepEqual(docker.asked, [removed]);
  });
});
