import assert from "node:assert/strict";
import { Gate, Gates } from "../../../provider/run/gates";

/** Work that is under way until it is ended. */
function work(log: string[], name: string) {
  let end = () => {};
  let fail = (_: Error) => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const run = async () => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ends`);
  };
  return { run, end: () => end(), fail: (error: Error) => fail(error) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("a gate", () => {
  it("lets those who share it in together", async () => {
    const gate = new Gate();
    const log: string[] = [];
    const [a, b] = [work(log, "a"), work(log, "b")];
    const both = Promise.all([gate.shared(a.run), gate.shared(b.run)]);
    await settle();
    assert.deepEqual(log, ["a begins", "b begins"]);
    a.end();
    b.end();
    await both;
  });

  it("lets who excludes the others in alone: after those inside, before those who came later", async () => {
    const gate = new Gate();
    const log: string[] = [];
    const [a, restart, b] = [work(log, "a"), work(log, "restart"), work(log, "b")];
    const all = Promise.all([gate.shared(a.run), gate.exclusive(restart.run), gate.shared(b.run)]);
    await settle();
    assert.deepEqual(log, ["a begins"]);
    a.end();
    await settle();
    assert.deepEqual(log, ["a begins", "a ends", "restart begins"]);
    restart.end();
    b.end();
    await all;
    assert.deepEqual(log.slice(2), ["restart begins", "restart ends", "b begins", "b ends"]);
  });

  it("runs two who exclude each other one after the other, in their order", async () => {
    const gate = new Gate();
    const log: string[] = [];
    const [a, b] = [work(log, "a"), work(log, "b")];
    const both = Promise.all([gate.exclusive(a.run), gate.exclusive(b.run)]);
    b.end();
    await settle();
    assert.deepEqual(log, ["a begins"]);
    a.end();
    await both;
    assert.deepEqual(log, ["a begins", "a ends", "b begins", "b ends"]);
  });

  for (const kind of ["shared", "exclusive"] as const) {
    it(`is open again after ${kind} work that failed, and hands the failure on`, async () => {
      const gate = new Gate();
      const failing = work([], "a");
      const failed = assert.rejects(gate[kind](failing.run), { message: "lost" });
      failing.fail(new Error("lost"));
      await failed;
      assert.equal(await gate.exclusive(async () => "in"), "in");
    });
  }

  it("answers with what the work answers", async () => {
    assert.equal(await new Gate().shared(async () => 7), 7);
  });
});

describe("gates", () => {
  it("are one per key", async () => {
    const gates = new Gates();
    assert.equal(gates.of("10.77.0.1"), gates.of("10.77.0.1"));
    assert.notEqual(gates.of("10.77.0.1"), gates.of("10.77.0.2"));
  });
});
