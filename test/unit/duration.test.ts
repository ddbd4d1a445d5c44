import assert from "node:assert/strict";
import { parseDuration } from "../../provider/duration";

describe("a duration", () => {
  it("is a sum of amounts with units", () => {
    assert.deepEqual(
      ["500ms", "90s", "5m", "2h", "1h30m", "1m500ms"].map(parseDuration),
      [500, 90_000, 300_000, 7_200_000, 5_400_000, 60_500],
    );
  });

  it("is refused with anything else in it", () => {
    for (const text of ["", "5", "5 m", "-5m", "1.5h", "5d", "m", "5m ", "5M"]) {
      assert.equal(parseDuration(text), undefined, text);
    }
  });
});
