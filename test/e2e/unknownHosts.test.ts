import assert from "node:assert/strict";
import { Lab } from "../../lab";
import { EVERY_PACKET, pingTable } from "../../lab/packets";
import { changes, TestProgram } from "../helpers/twoHosts";

/** A machine as another resource makes it: its address is known only once it is there. */
const MACHINE = `
class Machine extends pulumi.dynamic.Resource {
  declare readonly address: pulumi.Output<string>;
  constructor(name: string, address: string) {
    super({ create: async (inputs) => ({ id: name, outs: { address: inputs.wanted } }) }, name, { wanted: address, address: undefined });
  }
}
`;

describe("hosts whose addresses are other resources' outputs", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-unknown" });
    program = await TestProgram.create(lab);
    await program.edit("const config = new pulumi.Config();", `${MACHINE}\nconst config = new pulumi.Config();`);
    await program.edit(
      ".map(({ host, hostKey }) => ({ host, hostKey,",
      ".map(({ host, hostKey }) => ({ host: new Machine(host, host).address, hostKey,",
    );
  });
  after(async () => {
    await program?.stack.destroy();
    await lab?.stop();
    await program?.remove();
  });

  it("are previewed without being known", async () => {
    const run = await program.stack.preview();
    assert.equal(Object.keys(changes(run)).length, 7);
    assert.ok(Object.values(changes(run)).every((op) => op === "create"));
  });

  it("are waited for while they boot, and then every packet arrives", async () => {
    await lab.host(2).powerOff();
    const coming = program.stack.up();
    await lab.host(2).powerOn();
    assert.equal(Object.keys(changes(await coming)).length, 7);
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
  });

  it("change nothing when the program is run again", async () => {
    assert.deepEqual(changes(await program.stack.up()), {});
  });
});
