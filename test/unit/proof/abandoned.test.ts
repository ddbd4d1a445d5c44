import assert from "node:assert/strict";
import { abandonedEndpoints, otherEngines } from "../../../provider/proof/abandoned";
import { FakeConsul } from "../../helpers/fakeConsul";
import { FakeDocker } from "../../helpers/fakeDocker";
import { FakeHost } from "../../helpers/fakeHost";
import { plainDockerService } from "../../helpers/memberHost";
import { storedEndpoint } from "../../helpers/storedEndpoint";

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

describe("an endpoint of which the store says which engine made it", () => {
  async function world(locator: string | undefined) {
    const { hosts, dockers } = await storedEndpoint(locator);
    const abandoned = async () => {
      const views = await Promise.all(
        hosts.map(async ({ docker, host }) => ({
          ...{ host: docker.address, docker, network: await docker.networks.inspect("ov") },
          reached: host,
        })),
      );
      const found = await abandonedEndpoints(views);
      return found.map(({ name, deadOn, from }) => ({ name, deadOn, from: from?.host }));
    };
    return { dockers, abandoned };
  }

  it("is dead where that one was asked, and is taken off by another", async () => {
    assert.deepEqual(await (await world("10.77.0.2")).abandoned(), [
      { name: "web", deadOn: "10.77.0.2", from: "10.77.0.1" },
    ]);
  });

  it("may be alive where that one was not asked, or the store does not say it", async () => {
    const unknown = [{ name: "web", deadOn: undefined, from: "10.77.0.1" }];
    assert.deepEqual(await (await world("10.77.0.3")).abandoned(), unknown);
    assert.deepEqual(await (await world(undefined)).abandoned(), unknown);
  });

  it("is not taken off by an engine that has a container of that name, which would lose its network", async () => {
    const { dockers, abandoned } = await world("10.77.0.2");
    await dockers[0].containers.create("web", { Image: "busybox:1.35" });
    assert.deepEqual(await abandoned(), [{ name: "web", deadOn: "10.77.0.2", from: undefined }]);
  });

  it("is alive where that one has its container", async () => {
    const { dockers, abandoned } = await world("10.77.0.2");
    const { Id } = await dockers[1].containers.create("web", { Image: "busybox:1.35" });
    const [endpoint] = Object.values(dockers[1].containersById.get(Id)!.NetworkSettings.Networks);
    endpoint!.EndpointID = "e1";
    assert.deepEqual(await abandoned(), []);
  });
});
