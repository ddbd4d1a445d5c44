import assert from "node:assert/strict";
import { otherEngines } from "../../../provider/proof/abandoned";
import { FakeConsul } from "../../helpers/fakeConsul";
import { FakeDocker } from "../../helpers/fakeDocker";
import { FakeHost } from "../../helpers/fakeHost";
import { plainDockerService } from "../../helpers/memberHost";

/** An engine that is registered under its address, in a store with these keys. */
function view(...keys: string[]) {
  const consul = new FakeConsul();
  for (const key of keys) consul.keys.set(key, "x");
  const docker = new FakeDocker({ address: "10.77.0.1" });
  docker.info.ClusterStore = "consul://10.77.0.1:8500";
  docker.info.ClusterAdvertise = "10.77.0.1:2376";
  const reached = new FakeHost(plainDockerService, "10.77.0.1", "root", () => consul.open());
  return { host: "10.77.0.1", docker, reached };
}

describe("the engines of a cluster that were not asked", () => {
  it("are those that are registered beside the asked ones", async () => {
    assert.deepEqual(await otherEngines([view("docker/nodes/10.77.0.1:2376")]), []);
    assert.deepEqual(await otherEngines([view("docker/nodes/10.77.0.1:2376", "docker/nodes/10.77.0.2:2376")]), [
      "10.77.0.2:2376",
    ]);
  });

  it("are unknown where the asked ones register at another path, which nothing may be taken away on", async () => {
    assert.deepEqual(await otherEngines([view("elsewhere/10.77.0.1:2376", "elsewhere/10.77.0.2:2376")]), [
      "unknown ones (the engines asked are not registered where it was looked)",
    ]);
  });

  it("are unknown of an engine that is in no cluster", async () => {
    const alone = view();
    alone.docker.info.ClusterStore = "";
    assert.deepEqual(await otherEngines([alone]), ["unknown ones (its engine is in no cluster)"]);
  });
});
