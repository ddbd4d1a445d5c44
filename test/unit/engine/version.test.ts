import assert from "node:assert/strict";
import { requireClusterStore, requireNotZooKeeper, requireStoreBackend } from "../../../provider/engine/version";
import { FakeHost } from "../../helpers/fakeHost";

describe("an engine's version", () => {
  it("has to be from before the cluster store's end", () => {
    for (const version of ["1.13.1", "17.06.0-ce", "18.09.1", "19.03.15", "20.10.5+dfsg1", "20.10.27"]) {
      requireClusterStore("10.77.0.1", version);
    }
  });

  it("is named when it is too new", () => {
    for (const version of ["23.0.0", "26.1.5+dfsg1", "27.5.1"]) {
      assert.throws(() => requireClusterStore("10.77.0.1", version), {
        message: `host 10.77.0.1: Docker ${version} cannot join a key-value store: cluster stores ended with Docker 20.10`,
        hint: "on Docker 23 and later, networks across hosts are Swarm-scoped overlays",
      });
    }
  });

  it("says of each kind of store whether the engine was built with it", async () => {
    // As in Docker's own program: the names of the packages it was built from.
    const builtIn = (kind: string) => ({ [`grep -qaF -- libkv/store/${kind} dockerd`]: "" });
    const host = new FakeHost({
      ...builtIn("etcd"),
      ...builtIn("zookeeper"),
      "grep -qaF -- libkv/store/consul dockerd": { exitCode: 1 },
    });
    await requireStoreBackend(host, "dockerd", "etcd", "20.10.24");
    await requireStoreBackend(host, "dockerd", "zookeeper", "1.12.6");
    await assert.rejects(requireStoreBackend(host, "dockerd", "consul", "20.10.24"), {
      message: "host 10.77.0.1: its Docker 20.10.24 was built without consul as a cluster store",
    });
  });

  it("is refused for a ZooKeeper where the engine would crash on the first endpoint", () => {
    requireNotZooKeeper("10.77.0.1", "zookeeper", "19.03.15");
    requireNotZooKeeper("10.77.0.1", "etcd", "20.10.5");
    assert.throws(() => requireNotZooKeeper("10.77.0.1", "zookeeper", "20.10.5+dfsg1"), {
      message:
        "host 10.77.0.1: Docker 20.10.5+dfsg1 cannot have ZooKeeper as its cluster store: the engine crashes when the first container joins a network of that store",
      hint: "give it a Consul or an etcd; a ZooKeeper is for Docker 19.03 and before",
    });
  });
});
