import assert from "node:assert/strict";
import { flagsOf, settingsOfFlags } from "../../../provider/engine/clusterSettings";
import { dropInText } from "../../../provider/engine/dropIn";
import { environmentOf, expand } from "../../../provider/engine/environment";
import { execStartOf, parseSystemctlCat } from "../../../provider/engine/unitFile";
import { UNITS } from "./units";

const settings = { clusterStore: "consul://10.77.0.1:8500", clusterAdvertise: "eth0:2376", clusterStoreOpts: {} };
const flags = flagsOf(settings).join(" ");

describe("docker.service as distributions write it", () => {
  for (const { name, unit, execStart, environmentFiles = [], expanded } of UNITS) {
    const line = execStartOf(parseSystemctlCat(unit));

    it(`is read from ${name}: every word, in order`, () => {
      assert.equal(line, execStart);
    });

    it(`is repeated for ${name} with the flags behind it, and reads back`, () => {
      const text = dropInText({ owner: "lab/dev/host1", execStart: line, settings, folderIsOurs: false });
      const whole = `${unit}\n# /etc/systemd/system/docker.service.d/zz-crosshost.conf\n${text}`;
      assert.equal(execStartOf(parseSystemctlCat(whole)), `${execStart} ${flags}`);
      assert.deepEqual(settingsOfFlags(execStartOf(parseSystemctlCat(whole))), {
        clusterStore: settings.clusterStore,
        clusterAdvertise: settings.clusterAdvertise,
      });
    });

    if (expanded === undefined) continue;
    it(`is understood for ${name} with its variables filled in`, () => {
      assert.equal(expand(line, environmentOf(parseSystemctlCat(unit), environmentFiles)).trim(), expanded);
    });
  }
});

describe("the variables of a service", () => {
  const variables = (unit: string, ...files: string[]) =>
    Object.fromEntries(environmentOf(parseSystemctlCat(`# /lib/systemd/system/docker.service\n${unit}`), files));

  it("come from Environment=, in quotes or without, several on a line", () => {
    assert.deepEqual(
      variables(`[Service]\nEnvironment="A=1 2" B=3 'C=4'\nEnvironment=D="5 6"\n[Other]\nEnvironment=E=7\n`),
      { A: "1 2", B: "3", C: "4", D: "5 6" },
    );
  });

  it("are taken back by an empty Environment=", () => {
    assert.deepEqual(variables("[Service]\nEnvironment=A=1\nEnvironment=\nEnvironment=B=2\n"), { B: "2" });
  });

  it("come from files, which count over Environment=, with comments, quotes and continued lines", () => {
    const file = "# a comment\n; another\nA='x y'\nB=\"z\"\nC=one \\\ntwo\nnot a variable\n";
    assert.deepEqual(variables("[Service]\nEnvironment=A=1\n", file), { A: "x y", B: "z", C: "one two" });
  });

  it("are filled in by $NAME and $\x7bNAME}; a doubled dollar is none", () => {
    assert.equal(expand("a $A $\x7bB}c $$A $NONE.", new Map(Object.entries({ A: "1", B: "2" }))), "a 1 2c $$A .");
  });
});
