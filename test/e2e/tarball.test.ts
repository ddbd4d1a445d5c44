import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Lab } from "../../lab";
import { EVERY_PACKET, pingTable } from "../../lab/packets";
import { configureTwoHosts, PulumiStack, ROOT } from "../../tools/stack";
import { changes } from "../helpers/twoHosts";

const run = promisify(execFile);

/** What a user gets from the registry: the packed tarball, in a program of its own. */
describe("the packed package, in a fresh program", function () {
  this.timeout("5m");

  let lab: Lab;
  let folder: string;
  let unpacked: string;

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-tarball" });
    folder = await mkdtemp(join(tmpdir(), "crosshost-tarball-"));
    await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: ROOT });
    const [tarball] = (await readdir(folder)).filter((file) => file.endsWith(".tgz"));
    await run("tar", ["-xzf", tarball!], { cwd: folder });
    unpacked = join(folder, "package");
  });
  after(async () => {
    await lab?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Every package the repository has installed beside it, but not the repository. */
  async function newProgram(name: string, install: (modules: string) => Promise<void>): Promise<PulumiStack> {
    const program = join(folder, name);
    const modules = join(program, "node_modules");
    await mkdir(modules, { recursive: true });
    for (const entry of await readdir(join(ROOT, "node_modules"))) {
      if (entry === "pulumi-crosshost" || entry.startsWith(".")) continue;
      await symlink(join(ROOT, "node_modules", entry), join(modules, entry));
    }
    await install(modules);
    for (const file of ["Pulumi.yaml", "package.json", "tsconfig.json", "index.ts"]) {
      await cp(join(ROOT, "examples/two-hosts", file), join(program, file));
    }
    const stack = await PulumiStack.open({ program, state: join(folder, `${name}-state`), progress: console.log });
    await configureTwoHosts(stack, lab);
    return stack;
  }

  async function runsTheWholeJob(stack: PulumiStack): Promise<void> {
    assert.equal(Object.keys(changes(await stack.up())).length, 7);
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
    assert.deepEqual(changes(await stack.up()), {});
    assert.equal(Object.keys(changes(await stack.destroy())).length, 7);
  }

  it("works copied into node_modules", async () => {
    const stack = await newProgram("copied", (modules) =>
      cp(unpacked, join(modules, "pulumi-crosshost"), { recursive: true }),
    );
    await runsTheWholeJob(stack);
  });

  it("works as a link out of node_modules", async () => {
    // Node resolves what a linked package requires from where the package really is.
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const stack = await newProgram("linked", (modules) => symlink(unpacked, join(modules, "pulumi-crosshost")));
    await runsTheWholeJob(stack);
  });
});
