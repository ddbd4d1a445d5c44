import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { quote, quoteAll } from "../../../provider/ssh/quote";

describe("quote", () => {
  for (const text of [
    "",
    "plain",
    "two words",
    "it's",
    "'",
    "''",
    '$HOME `id` \\ "',
    "a\nb",
    "*",
    "~",
    "-n",
    "ü€",
    "!x",
  ]) {
    it(`gives the shell exactly ${JSON.stringify(text)}`, () => {
      const printed = execFileSync("sh", ["-c", `printf '%s|' ${quoteAll(["first", text, "last"])}`]);
      assert.equal(printed.toString(), `first|${text}|last|`);
    });
  }

  it("leaves simple words readable", () => {
    assert.equal(
      quoteAll(["systemctl", "restart", "docker.service", "--now=/etc/x"]),
      "systemctl restart docker.service --now=/etc/x",
    );
  });

  it("refuses what no command can be given", () => {
    assert.throws(() => quote("a\0b"), /NUL character/);
  });
});
