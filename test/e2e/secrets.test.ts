import assert from "node:assert/strict";
import { Lab } from "../../lab";
import { TestProgram } from "../helpers/twoHosts";

/** A private key is a plain string here, as a program that reads it from a file has it. */
describe("a private key given as a plain string", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  /** A line from its middle: the same bytes appear in whatever holds the key. */
  let line: string;

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-secrets" });
    const lines = lab.privateKey.trim().split("\n");
    line = lines[Math.floor(lines.length / 2)]!;
    assert.ok(line.length > 40);
    program = await TestProgram.create(lab);
    await program.edit(
      'config.requireSecret("privateKey")',
      `require("node:fs").readFileSync(${JSON.stringify(lab.privateKeyPath)}, "utf8") as string`,
    );
    // The CLI blots out what it knows as a secret of the configuration; this key it is not to know.
    await program.stack.config("privateKey", "another", { secret: true });
  });
  after(async () => {
    await program?.stack.destroy();
    await lab?.stop();
    await program?.remove();
  });

  // From -v=3 on Pulumi's own SDK prints the properties of every resource of every provider, secrets in plain text.
  it("is nowhere in what a verbose run says", async () => {
    const { stdout, stderr } = await program.stack.up({ args: ["--logtostderr", "--logflow", "-v=2", "--diff"] });
    assert.match(stderr, /: joining consul:/, "the run was not verbose");
    assert.ok(!stdout.includes(line), "it is in the standard output");
    const leaking = stderr.split("\n").filter((text) => text.includes(line));
    assert.deepEqual(
      leaking.map((text) => text.slice(0, 200)),
      [],
    );
  });

  it("is nowhere in the exported state, nor in the provider's text", async () => {
    const state = await program.stack.exportState();
    assert.ok(!state.includes(line));
    for (const { inputs } of resourcesOf(state)) {
      assert.ok(inputs.__provider === undefined || inputs.__provider.length < 2200);
    }
  });

  it("stands under the connections alone when secrets are shown", async () => {
    const state = await program.stack.exportState({ showSecrets: true });
    const places = new Set<string>();
    for (const { inputs, outputs } of resourcesOf(state)) {
      for (const [key, value] of [...Object.entries(inputs), ...Object.entries(outputs)]) {
        if (JSON.stringify(value).includes(line)) places.add(key);
      }
    }
    assert.deepEqual([...places].sort(), ["connection", "connections"]);
  });
});

interface StateResource {
  type: string;
  inputs: Record<string, unknown> & { __provider?: string };
  outputs: Record<string, unknown>;
}

function resourcesOf(state: string): StateResource[] {
  const { deployment } = JSON.parse(state) as { deployment: { resources: StateResource[] } };
  const ours = deployment.resources.filter(({ type }) => type.includes("crosshost:"));
  assert.equal(ours.length, 7);
  return ours;
}
