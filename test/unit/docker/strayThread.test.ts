import assert from "node:assert/strict";
import { despiteStrayThreads } from "../../../provider/docker/strayThread";
import { CrosshostError, isCode } from "../../../provider/errors";
import type { Clock } from "../../../provider/wait";

const refused = (reason: string) => new CrosshostError(`host h1: ${reason}`, { code: "docker-refused" });
const stray = refused(
  "start container: failed to update store: dial tcp 10.77.0.1:8500: connect: network is unreachable",
);

describe("a call that a stray thread of the engine answers", () => {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };

  const options = { stir: async () => undefined, clock };

  function engine(...outcomes: (Error | string)[]) {
    const calls = { made: 0 };
    const call = async () => {
      const outcome = outcomes[Math.min(calls.made++, outcomes.length - 1)]!;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    };
    return { calls, call };
  }

  it("is made again until another thread answers", async () => {
    const other = refused("pull image: dial udp [::1]:53: connect: cannot assign requested address");
    const fallback = refused(
      'pull image: Get "https://example.org/v2/": dial tcp: lookup example.org on [::1]:53: read udp [::1]:57857->[::1]:53: read: connection refused',
    );
    const start = 'start container "d64c1a3f":';
    const joining = refused(`${start} failed to get network from store during join: network 97f5fcf4 not found`);
    const latest = refused(
      `${start} Updating join info failed: could not find network in store to get latest endpoint web2: network 84d233bf not found`,
    );
    const before = refused(`${start} network ov_net1 not found`);
    const { calls, call } = engine(stray, other, fallback, joining, latest, before, "started");
    assert.equal(await despiteStrayThreads("start it", call, options), "started");
    assert.equal(calls.made, 7);
  });

  it("is made again where it does not find a network that is known to be there", async () => {
    const unseen = new CrosshostError('host h1: disconnect container "web" from network "ov": network ov not found', {
      code: "not-found",
    });
    const { calls, call } = engine(unseen, unseen, "disconnected");
    assert.equal(await despiteStrayThreads("disconnect it", call, { ...options, isKnown: true }), "disconnected");
    assert.equal(calls.made, 3);
    const other = engine(unseen, "disconnected");
    await assert.rejects(despiteStrayThreads("disconnect it", other.call, options), /network ov not found/);
    assert.equal(other.calls.made, 1, "of others it is the answer");
  });

  it("is made again only after many threads of the engine were woken", async () => {
    const steps: string[] = [];
    const { call } = engine(stray, stray, "started");
    const noted = () => {
      steps.push("call");
      return call();
    };
    const stir = async () => steps.push("stir");
    await despiteStrayThreads("start it", noted, { stir, clock });
    assert.deepEqual(steps, ["call", "stir", "call", "stir", "call"]);
  });

  it("is made once where it works, and once where it is refused for another reason", async () => {
    const works = engine("started");
    assert.equal(await despiteStrayThreads("start it", works.call, options), "started");
    assert.equal(works.calls.made, 1);
    const fails = engine(refused("no such network"));
    await assert.rejects(despiteStrayThreads("start it", fails.call, options), { message: "host h1: no such network" });
    assert.equal(fails.calls.made, 1);
  });

  it("is given up after half a minute, with what cures it", async () => {
    await assert.rejects(despiteStrayThreads("start it", engine(stray).call, options), (error) => {
      assert.ok(isCode(error, "not-ready"));
      assert.match(
        (error as CrosshostError).message,
        /^timed out after 30 s waiting for the engine to start it; last seen: host h1/,
      );
      assert.match((error as CrosshostError).hint ?? "", /restart docker on that host/);
      return true;
    });
  });
});
