import assert from "node:assert/strict";
import { DockerStore } from "../../../provider/kv/dockerStore";
import type { StoreServer } from "../../../provider/kv/server";

/** A store in memory whose answers can be told to fail. */
function world(failing: { get?: string; delete?: string } = {}) {
  const keys = new Map<string, string>();
  const written: string[] = [];
  const answer = <T>(failure: string | undefined, value: T) =>
    failure === undefined ? Promise.resolve(value) : Promise.reject(new Error(failure));
  const server: StoreServer = {
    address: "10.77.0.1:8500",
    leader: async () => "10.77.0.1",
    role: async () => "leader",
    get: (key) => answer(failing.get, keys.get(key)),
    set: async (key, value) => {
      written.push(key);
      keys.set(key, value);
    },
    replace: async () => false,
    delete: (key) => answer(failing.delete, void keys.delete(key)),
    children: async () => [],
  };
  return { keys, written, failing, store: new DockerStore("consul", "10.77.0.2", [server], "lab", "docker/nodes") };
}

describe("the probe of a store", () => {
  it("leaves no key", async () => {
    const { keys, store } = world();
    await store.probe();
    assert.deepEqual([...keys], []);
  });

  it("takes away, too, what one before it has left", async () => {
    const { keys, written, store, failing } = world({ delete: "no" });
    await assert.rejects(store.probe(), /could not be asked to delete a probe key: no$/);
    delete failing.delete;
    await store.probe();
    assert.deepEqual([...keys], []);
    assert.deepEqual(new Set(written), new Set(["lab/crosshost-probe-10.77.0.2-10.77.0.1:8500"]));
  });

  it("says why its key could not be read, also where it cannot be deleted either", async () => {
    const { store } = world({ get: "no leader", delete: "nothing" });
    await assert.rejects(store.probe(), /could not be asked to read a key: no leader$/);
  });
});
