import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { expandHome, localUser } from "../../../provider/ssh/localUser";

describe("who runs this program", () => {
  it("is who the machine says", () => {
    const { name, home, agentSocketPath } = localUser({ SSH_AUTH_SOCK: "/agent" });
    assert.deepEqual([name, home, agentSocketPath], [userInfo().username, homedir(), "/agent"]);
    assert.equal(localUser({ SSH_AUTH_SOCK: "" }).agentSocketPath, undefined);
  });

  it("may be nobody whom the machine knows, as in a container", () => {
    const nobody = () => ({});
    assert.equal(localUser({ USER: "ci" }, nobody).name, "ci");
    assert.equal(localUser({}, nobody).name, String(process.getuid?.()));
    assert.equal(expandHome("~/.ssh/config", localUser({}, nobody).home), "/.ssh/config");
  });

  it("may be a number alone", () => {
    // Only root may be somebody else for the time of a test.
    if (process.getuid?.() !== 0) return;
    const module = JSON.stringify(join(__dirname, "../../../provider/ssh/localUser"));
    const program = `console.log(JSON.stringify(require(${module}).localUser()))`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--require", "tsx/cjs", "--eval", program], {
      ...{ uid: 64_321, env: { PATH: process.env.PATH, TMPDIR: "/tmp" }, encoding: "utf8" },
    });
    assert.ok(stdout, stderr);
    const { name, home } = JSON.parse(stdout) as { name: string; home: string };
    assert.deepEqual([name, home], ["64321", "/"]);
  });
});
