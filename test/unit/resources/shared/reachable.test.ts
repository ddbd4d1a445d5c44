import assert from "node:assert/strict";
import { CrosshostError, type ErrorCode } from "../../../../provider/errors";
import { reachOrSkip } from "../../../../provider/resources/shared/reachable";
import { RunContext } from "../../../../provider/run/context";
import type { Connection } from "../../../../provider/ssh/connection";
import { FakeDocker } from "../../../helpers/fakeDocker";
import { FakeHost } from "../../../helpers/fakeHost";
import { fakeTask } from "../../../helpers/fakeRun";

const connection = { host: "10.77.0.2", port: 22, user: "root" } as Connection;
const owner = "lab/dev/web2";
const variable = "CROSSHOST_SKIP_UNREACHABLE_HOSTS";

/** A run in which reaching the host fails with this, or not at all. */
function world(code?: ErrorCode) {
  const said: string[] = [];
  const dials: number[] = [];
  const run = new RunContext({
    host: async ({ host }, deadline) => {
      dials.push(deadline.remaining());
      if (code) throw new CrosshostError(`host ${host}: cannot connect to port 22: no answer`, { code });
      return new FakeHost({}, host);
    },
    docker: () => new FakeDocker({ address: "10.77.0.2" }),
    say: (line) => said.push(line),
  });
  const reach = (inputs: object, milliseconds?: number) =>
    reachOrSkip(connection, { owner, ...inputs }, fakeTask(run, milliseconds), "it stays there");
  return { reach, said, dials };
}

describe("a host that cannot be reached", () => {
  afterEach(() => {
    delete process.env[variable];
  });

  for (const code of ["cannot-resolve", "refused", "timed-out", "connection-lost"] as const) {
    it(`is an error where nobody said to skip it: ${code}`, async () => {
      await assert.rejects(world(code).reach({}), { code });
      await assert.rejects(world(code).reach({ skipUnreachableHosts: false }), { code });
    });

    it(`is skipped by skipUnreachableHosts, and the user is told what that means: ${code}`, async () => {
      const { reach, said } = world(code);
      assert.equal(await reach({ skipUnreachableHosts: true }), undefined);
      assert.deepEqual(said, [
        "10.77.0.2: skipped, not reached (cannot connect to port 22: no answer): it stays there",
      ]);
    });
  }

  it("is skipped by the environment, where no program runs", async () => {
    process.env[variable] = "1";
    assert.equal(await world("timed-out").reach({}), undefined);
  });

  it("is waited for once in a run, and no longer than 30 s", async () => {
    const { reach, said, dials } = world("timed-out");
    await reach({ skipUnreachableHosts: true }, 300_000);
    await reach({ skipUnreachableHosts: true }, 300_000);
    assert.deepEqual(dials, [30_000]);
    assert.equal(said.length, 2);
  });

  for (const code of [
    "wrong-host-key",
    "unknown-host-key",
    "not-authenticated",
    "no-permission",
    "unsupported",
  ] as const) {
    it(`is not one that answers: ${code}`, async () => {
      await assert.rejects(world(code).reach({ skipUnreachableHosts: true }), { code });
    });
  }

  it("is none that is reached", async () => {
    const { reach, said } = world();
    assert.equal((await reach({ skipUnreachableHosts: true }))!.host.address, "10.77.0.2");
    assert.deepEqual(said, []);
  });
});
