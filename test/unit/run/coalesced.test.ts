import assert from "node:assert/strict";
import { Coalesced } from "../../../provider/run/coalesced";

/** Work that ends when the test says so. */
function byHand() {
  const ends: ((error?: Error) => void)[] = [];
  const work = new Coalesced(
    () =>
      new Promise<number>((resolve, reject) => {
        const number = ends.length + 1;
        ends.push((error) => (error ? reject(error) : resolve(number)));
      }),
  );
  return { work, ends };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("work that many ask for", () => {
  it("is begun at once by the first, and once more for all who ask meanwhile", async () => {
    const { work, ends } = byHand();
    const first = work.run();
    const others = [work.run(), work.run(), work.run()];
    await turn();
    assert.equal(ends.length, 1);
    ends[0]!();
    assert.equal(await first, 1);
    await turn();
    assert.equal(ends.length, 2);
    ends[1]!();
    assert.deepEqual(await Promise.all(others), [2, 2, 2]);
    const later = work.run();
    ends[2]!();
    assert.equal(await later, 3);
  });

  it("goes on after a failure, which only those hear of who asked for it", async () => {
    const { work, ends } = byHand();
    const first = work.run();
    const second = work.run();
    ends[0]!(new Error("no"));
    await assert.rejects(first, /no/);
    await turn();
    ends[1]!();
    assert.equal(await second, 2);
  });
});
