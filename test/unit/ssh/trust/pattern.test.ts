import assert from "node:assert/strict";
import { matchesPattern, matchesPatternList } from "../../../../provider/ssh/trust/pattern";

describe("a pattern of OpenSSH's", () => {
  for (const [text, pattern, expected] of [
    ["host1", "host1", true],
    ["host1", "host", false],
    ["host1", "host?", true],
    ["host", "host?", false],
    ["host1.lab", "*.lab", true],
    ["lab", "*.lab", false],
    ["a.b.c", "a*c", true],
    ["a.b.c", "*b*", true],
    ["", "*", true],
    ["", "", true],
    ["host1", "", false],
    ["a+b", "a+b", true],
    ["aab", "a.b", false],
  ] as const) {
    it(`${pattern || "nothing"} ${expected ? "matches" : "does not match"} ${text || "nothing"}`, () => {
      assert.equal(matchesPattern(text, pattern), expected);
    });
  }

  it("takes no time that grows without bound", () => {
    const began = performance.now();
    assert.equal(matchesPattern("a".repeat(5_000), `${"a*".repeat(2_000)}b`), false);
    assert.ok(performance.now() - began < 1_000);
  });
});

describe("a list of patterns", () => {
  it("matches by one of them, and not at all by one that is taken out", () => {
    assert.equal(matchesPatternList("host1", ["other", "host*"]), true);
    assert.equal(matchesPatternList("host1", ["host*", "!host1"]), false);
    assert.equal(matchesPatternList("host2", ["!host1"]), false);
  });
});
