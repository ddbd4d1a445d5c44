import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

describe("docs/security.md", () => {
  const text = readFileSync(join(root, "docs/security.md"), "utf8");
  const rows = [...text.matchAll(/^\|[^|]*\|[^|]*\| (\S+\.test\.ts): (.*) \|$/gm)].map(([, file, title]) => ({
    file: file!,
    title: title!,
  }));

  it("names tests, and each of them exists", () => {
    assert.ok(rows.length > 50, `${rows.length} rows`);
    for (const { file, title } of rows) {
      const path = join(root, "test", file);
      assert.ok(existsSync(path), file);
      const titles = readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => /^\s*it\(/.test(line));
      assert.ok(
        titles.some((line) => line.includes(title)),
        `${file} has no test "${title}"`,
      );
    }
  });
});
