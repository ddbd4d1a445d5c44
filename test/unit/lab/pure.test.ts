import assert from "node:assert/strict";
import { cacheKey } from "../../../lab/cached";
import { daemonJson } from "../../../lab/files";
import { hostNumbers } from "../../../lab/hosts";
import { attempt } from "../../../lab/run";
import { quote } from "../../../lab/ssh";
import { versionIn } from "../../../tools/pulumi/build";

describe("quoting a word for a remote shell", () => {
  for (const word of ["plain", "", "two words", "$HOME `id` \\", "it's", "-n", "a\nb", "*"]) {
    it(`keeps ${JSON.stringify(word)} one word`, async () => {
      const { stdout } = await attempt("sh", ["-c", `printf '%s|' ${quote(word)} end`]);
      assert.equal(stdout, `${word}|end|`);
    });
  }
});

describe("the number of hosts", () => {
  it("counts from 1", () => assert.deepEqual(hostNumbers(3), [1, 2, 3]));
  for (const wrong of [0, -1, 1.5, 61, Number.NaN]) {
    it(`cannot be ${wrong}`, () => {
      assert.throws(() => hostNumbers(wrong), { message: `a lab has 1 to 60 hosts, got ${wrong}` });
    });
  }
});

describe("a cache key", () => {
  it("is the same for the same definition and another for another", () => {
    assert.equal(cacheKey({ a: [1] }), cacheKey({ a: [1] }));
    assert.notEqual(cacheKey({ a: [1] }), cacheKey({ a: [2] }));
  });
});

describe("a host's daemon.json", () => {
  it("is formatted as a person would and holds the mirror and one more key", () => {
    const text = daemonJson("10.77.0.254:5000");
    assert.equal(text.split("\n")[1], '    "registry-mirrors": ["http://10.77.0.254:5000"],');
    assert.ok(text.endsWith("}\n"));
    assert.deepEqual(JSON.parse(text), {
      "registry-mirrors": ["http://10.77.0.254:5000"],
      "log-opts": { "max-size": "10m" },
    });
  });
});

describe("the version in a go.mod", () => {
  it("is that of the module asked for, in a block or alone", () => {
    assert.equal(versionIn("require (\n\texample.org/a v1.2.3 // indirect\n)", "example.org/a"), "v1.2.3");
    assert.equal(versionIn("require example.org/a/v3 v3.0.1", "example.org/a/v3"), "v3.0.1");
  });

  it("must be there", () => {
    assert.throws(() => versionIn("require example.org/ab v1.2.3", "example.org/a"), {
      message: "go.mod does not require example.org/a",
    });
  });
});
