import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What the linter's rules cannot say: it does not tell an import of types from one of values. */
describe("imports", () => {
  it("of provider/ in sdk/ are of types alone, which leave no trace in what a program runs", () => {
    const values = statements("sdk").filter(
      ({ text, from }) =>
        from.includes("provider/") && !text.startsWith("import type ") && !text.startsWith("export type "),
    );
    assert.deepEqual(values, []);
  });

  it("of sdk/ and of Pulumi's SDK do not occur in provider/", () => {
    const forbidden = statements("provider").filter(({ from }) => /^@pulumi\/|\/sdk(\/|$)/.test(from));
    assert.deepEqual(forbidden, []);
  });

  it("of resources/ occur in provider/index.ts and in resources/ only", () => {
    const allowed = (file: string) => file === "provider/index.ts" || file.startsWith("provider/resources/");
    const others = statements("provider").filter(
      ({ file, from }) => /(^|\/)resources(\/|$)/.test(from) && !allowed(file),
    );
    assert.deepEqual(others, []);
  });
});

interface Statement {
  file: string;
  text: string;
  from: string;
}

/** Every import and re-export, require included, of the files below a folder. */
function statements(folder: string): Statement[] {
  const root = path.join(__dirname, "../..");
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => {
      const file = path.join(folder, name);
      const source = readFileSync(path.join(root, file), "utf8");
      const matches = source.matchAll(/^(?:import\s[^;"]*|export\s[^;"=]*from\s+)"([^"]+)"|\bimport\("([^"]+)"\)/gm);
      return [...matches].map(([text, from, dynamic]) => ({ file, text, from: from ?? dynamic! }));
    });
}
