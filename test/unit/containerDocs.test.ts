import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { optionEntries } from "../../provider/resources/container/options";
import { refusedOptions } from "../../provider/resources/container/options/refused";
import { describeChange } from "../helpers/containerDocs";

const root = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

describe("docs/container.md", () => {
  const text = read("docs/container.md");

  it("says of every option what it is without it, and what a change does", () => {
    const [, table = ""] = /^\| option \| default \| a change \|\n\|---\|---\|---\|\n((?:\|.*\n)*)/m.exec(text) ?? [];
    const expected = optionEntries.map(
      ([name, option]) => `| \`${name}\` | ${option.byDefault} | ${describeChange(option)} |`,
    );
    assert.deepEqual(table.trimEnd().split("\n"), expected);
  });

  it("says of every input of @pulumi/docker's Container that is not there why", () => {
    const types = read("node_modules/@pulumi/docker/container.d.ts");
    const args = types.slice(types.indexOf("export interface ContainerArgs {"));
    const theirs = [...args.matchAll(/^ {4}(\w+)\??: pulumi\.Input</gm)].map(([, name]) => name!);
    assert.equal(theirs.length, 74);
    const ours: string[] = ["name", ...optionEntries.map(([name]) => name)];
    const [, table = ""] = /^\| input \| why not \|\n\|---\|---\|\n((?:\|.*\n)*)/m.exec(text) ?? [];
    const explained = [...table.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, names]) =>
      [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
    );
    assert.deepEqual(explained.sort(), theirs.filter((name) => !ours.includes(name)).sort());
    for (const name of Object.keys(refusedOptions)) assert.ok(explained.includes(name), name);
  });
});

describe("the arguments of Container", () => {
  it("are the options of the table", () => {
    const text = read("sdk/containerArgs.ts");
    const names = [...text.matchAll(/^ {2}(\w+)\??: /gm)].map(([, name]) => name!);
    const beside = ["connection", "name", "adopt", "verifyConnectivity"];
    assert.deepEqual(names.sort(), [...beside, ...optionEntries.map(([name]) => name)].sort());
  });
});
