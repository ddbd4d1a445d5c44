import assert from "node:assert/strict";
import { Lab } from "../../../lab";
import { snapshot } from "../../../lab/snapshot";
import { clusterMember } from "../../../provider/resources/clusterMember";
import type { ClusterMemberInputs } from "../../../provider/resources/clusterMember/inputs";
import { compare } from "../../../tools/hostCheck";
import { RealRun } from "../../helpers/realRun";

/** Engines that cannot be members of a cluster with a Consul, as Debian ships them. */
describe("an engine of another version", function () {
  this.timeout("5m");

  for (const [suite, version, refusal] of [
    [
      "bookworm",
      "20.10.24",
      {
        message: /^host \S+: its Docker 20\.10\.24\S* was built without consul as a cluster store$/,
        hint: /Debian 12/,
      },
    ],
    [
      "trixie",
      "26.1.5",
      {
        message:
          /^host \S+: Docker 26\.1\.5\S* cannot join a key-value store: cluster stores ended with Docker 20\.10$/,
        hint: /Swarm-scoped overlays/,
      },
    ],
  ] as const) {
    it(`is refused with nothing touched: Docker ${version} of ${suite}`, async () => {
      const lab = await Lab.start({ hosts: 1, suite, name: `integration-${suite}` });
      const run = new RealRun(lab);
      try {
        const host = lab.host(1);
        const before = await snapshot(host);
        const inputs = run.checked<ClusterMemberInputs>(clusterMember, {
          owner: "t/t/host1",
          connection: run.connectionTo(host),
          clusterStore: `consul://${host.address}:8500`,
          clusterAdvertise: "eth0:2376",
        });
        const task = run.task();
        await assert.rejects(clusterMember.create(inputs, task), refusal);
        assert.equal(task.touched, false);
        assert.deepEqual(compare("host1", before, await snapshot(host)), []);
      } finally {
        await run.close();
        await lab.stop();
      }
    });
  }
});
