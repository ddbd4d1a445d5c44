import assert from "node:assert/strict";
import { CrosshostError } from "../../../provider/errors";
import { proveEndpoints } from "../../../provider/proof";
import type { Connection } from "../../../provider/ssh/connection";
import { FakeConsul } from "../../helpers/fakeConsul";
import { FakeDocker } from "../../helpers/fakeDocker";
import { FakeHost } from "../../helpers/fakeHost";
import { fakeRun, fakeTask } from "../../helpers/fakeRun";
import { plainDockerService } from "../../helpers/memberHost";

/** A container on one host, whose engine has a store. */
function world(openStore = () => new FakeConsul().open()) {
  const docker = new FakeDocker({ info: { ClusterStore: "consul://10.77.0.9:8500" } });
  const { run } = fakeRun({
    "10.77.0.1": { docker, host: new FakeHost(plainDockerService, "10.77.0.1", "root", openStore) },
  });
  const connection = { host: "10.77.0.1" } as Connection;
  const subject = { host: connection.host, connection, container: "c", name: "web1", isOurs: () => true };
  return { docker, prove: (network: string) => proveEndpoints(subject, [network], fakeTask(run)) };
}

/** As an engine whose store is cut off. */
const silent = new CrosshostError("host 10.77.0.1: inspect network: the Docker engine has not answered for 20 s", {
  code: "timed-out",
});

describe("an engine that is silent about a network", () => {
  it("is not blamed where its store does not answer it", async () => {
    const { docker, prove } = world(() => {
      throw new Error("no connection within 3 s");
    });
    docker.interrupt(/^inspect network/, silent);
    await assert.rejects(prove("bridge"), {
      code: "not-ready",
      message:
        "host 10.77.0.1: its engine does not say who is on its overlays without its store: the Consul at 10.77.0.9:8500 could not be asked which engines are registered: no connection within 3 s",
      hint: "the store has to be up again first",
    });
  });

  it("is asked again where its store answers it: it may be busy", async () => {
    const { docker, prove } = world();
    docker.interrupt(/^inspect network/, silent);
    assert.deepEqual(await prove("bridge"), []);
  });

  it("or does not see it leaves it unproven, which is said", async () => {
    assert.deepEqual(await world().prove("ov"), [
      '10.77.0.1: "web1" cannot be proven to be on the network "ov": its engine does not see it',
    ]);
  });
});
