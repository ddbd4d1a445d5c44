import assert from "node:assert/strict";
import { CrosshostError } from "../../provider/errors";
import { Deadline, type Look, waitFor } from "../../provider/wait";
import { TestClock } from "./ssh/testClock";

/** Looks that see these, one after another, and the last for ever. */
function looks(...seen: Look<string>[]): () => Promise<Look<string>> {
  return async () => (seen.length > 1 ? seen.shift()! : seen[0]!);
}

describe("waiting", () => {
  it("ends without a pause when the first look is done", async () => {
    const clock = new TestClock();
    const result = await waitFor(looks({ done: "leader" }), { what: "a leader", deadline: new Deadline(1000, clock) });
    assert.equal(result, "leader");
    assert.deepEqual(clock.sleeps, []);
  });

  it("pauses twice as long each time, up to the longest", async () => {
    const clock = new TestClock();
    const no = { seen: "none" };
    await waitFor(looks(no, no, no, no, { done: "yes" }), {
      what: "a leader",
      deadline: new Deadline(10_000, clock),
      interval: { first: 10, longest: 40 },
    });
    assert.deepEqual(clock.sleeps, [10, 20, 40, 40]);
  });

  it("says at the deadline what it last saw, and what to do", async () => {
    const deadline = new Deadline(90_000, new TestClock());
    const waiting = waitFor(looks({ seen: "nothing" }, { seen: "no leader" }), {
      what: "the store consul://10.77.0.1:8500",
      deadline,
      hint: "look at its log",
    });
    await assert.rejects(waiting, (error) => {
      assert.ok(error instanceof CrosshostError);
      const message = "timed out after 90 s waiting for the store consul://10.77.0.1:8500; last seen: no leader";
      assert.equal(error.message, message);
      assert.equal(error.hint, "look at its log");
      assert.equal(error.code, "not-ready");
      return true;
    });
  });

  it("looks once even when the deadline has passed", async () => {
    const clock = new TestClock();
    const deadline = new Deadline(100, clock);
    await clock.sleep(200);
    assert.equal(deadline.passed(), true);
    assert.equal(deadline.remaining(), 0);
    assert.equal(await waitFor(looks({ done: "there" }), { what: "it", deadline }), "there");
  });

  it("hands on what a look fails with", async () => {
    const look = async () => {
      throw new Error("no permission");
    };
    await assert.rejects(waitFor(look, { what: "it", deadline: new Deadline(100, new TestClock()) }), {
      message: "no permission",
    });
  });
});
