import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

/** Loads the provider as its process does, with Pulumi's own way of reporting errors, and says a line every 10 ms. */
const TALKATIVE = `
process.on("uncaughtException", (error) => console.error(error.stack));
require("tsx/cjs");
require("./provider").lifecycleOf("Container");
setInterval(() => console.log("10.77.0.1: pulling busybox:1.35"), 10);
`;

describe("a provider process whose engine has been killed", () => {
  it("ends with its next line, instead of reporting for ever that nobody listens", async () => {
    const child = spawn(process.execPath, ["-e", TALKATIVE], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    await once(child.stdout, "data");
    child.stdout.destroy();
    child.stderr.destroy();
    const [exitCode] = (await once(child, "exit")) as [number | null];
    assert.equal(exitCode, 1);
  });
});
