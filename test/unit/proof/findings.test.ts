import assert from "node:assert/strict";
import { LostConnection } from "../../../provider/lostConnection";
import { Findings } from "../../../provider/proof/findings";
import { HostLost } from "../../../provider/proof/hostLost";
import { missingInStore } from "../../../provider/proof/inStore";
import type { Way } from "../../../provider/proof/ways";
import { meshWorld } from "../../helpers/meshWorld";

/** Container a on host 1, b and c on host 2, which do not hear each other, and are not in the store. */
async function silent() {
  const world = meshWorld({ answers: () => false });
  const a = await world.join(1, "a");
  const b = await world.join(2, "b");
  const c = await world.join(2, "c");
  await world.mesh.look();
  const findings = new Findings(world.mesh);
  const { clock } = world.deadline;
  const describe = (subject: typeof a) => findings.describe(world.mesh.openWaysOf(subject.container), subject, clock);
  return { ...world, a, b, c, describe, clock };
}

describe("what is found out about dead ways", () => {
  it("is told by the first container that it fails, and the others name that one", async () => {
    const { a, b, describe } = await silent();
    const [first, ...more] = await describe(a);
    assert.equal(
      first,
      '10.77.0.1: a gets no answer from b (10.200.0.2, host 10.77.0.2) on "ov": store: the engine of 10.77.0.1 does not find the endpoint of b in consul://10.77.0.1:8500',
    );
    assert.ok(more.every((line) => /gets no answer from \w \(.*\) on "ov"$/.test(line)));
    assert.equal(
      (await describe(b))[0],
      '10.77.0.1: a gets no answer from b (10.200.0.2, host 10.77.0.2) on "ov", for the same reason as what "a" (host 10.77.0.1) says',
    );
    assert.equal((await describe(a))[0], first, "again, when its verb is done again");
  });

  it("is nothing where a host goes meanwhile, and is found out anew", async () => {
    const { a, describe, dockers } = await silent();
    const { inspect } = dockers[0]!.networks;
    dockers[0]!.networks.inspect = async () => {
      throw new LostConnection("host 10.77.0.1: inspect network: the SSH connection was lost", undefined);
    };
    await assert.rejects(describe(a), (error) => error instanceof HostLost && error.id === "10.77.0.1");
    dockers[0]!.networks.inspect = inspect;
    assert.match((await describe(a))[0]!, /: store: /);
  });
});

describe("an endpoint that the store does not have", () => {
  it("is looked for again two seconds later, since it may just be made anew", async () => {
    const { mesh, dockers, clock } = await silent();
    const [way] = mesh.open() as [Way];
    const inspect = dockers[0]!.networks.inspect.bind(dockers[0]!.networks);
    let looks = 0;
    for (const docker of dockers) {
      docker.networks.inspect = async (id) => {
        const network = await inspect(id);
        const both = [way.by, way.to].map(({ id: EndpointID }) => [EndpointID, { EndpointID, Name: "" }]);
        return looks++ === 0 ? network : { ...network, Containers: Object.fromEntries(both) };
      };
    }
    const before = clock.now();
    assert.equal(await missingInStore(mesh, way, clock), undefined);
    assert.equal(clock.now() - before, 2_000);
  });
});
