import assert from "node:assert/strict";
import { Semaphore } from "../../../provider/ssh/semaphore";

describe("Semaphore", () => {
  it("lets no more in than its limit, the others in the order they came", async () => {
    const semaphore = new Semaphore(2);
    const entered: number[] = [];
    const releases: (() => void)[] = [];
    for (let i = 0; i < 5; i++) {
      void semaphore.acquire().then((release) => {
        entered.push(i);
        releases.push(release);
      });
    }
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    await settled();
    assert.deepEqual(entered, [0, 1]);
    releases[1]?.();
    releases[1]?.();
    await settled();
    assert.deepEqual(entered, [0, 1, 2]);
    releases[0]?.();
    releases[2]?.();
    await settled();
    assert.deepEqual(entered, [0, 1, 2, 3, 4]);
  });

  it("gives the place back when the work fails", async () => {
    const semaphore = new Semaphore(1);
    await assert.rejects(
      semaphore.hold(() => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(await semaphore.hold(() => Promise.resolve("yes")), "yes");
  });
});
