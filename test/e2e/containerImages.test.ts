import assert from "node:assert/strict";
import { Lab } from "../../lab";
import { PrivateRegistry } from "../../lab/privateRegistry";
import { run } from "../../lab/run";
import { CONTAINERS_PROGRAM, inspectAll, type WantedContainer } from "../helpers/containersProgram";
import { changes, TestProgram } from "../helpers/twoHosts";

/** A real registry that lets in one user only, and that counts. */
describe("the image of a Container, in a private registry", function () {
  this.timeout("5m");

  let lab: Lab;
  let registry: PrivateRegistry;
  let program: TestProgram;
  let image: string;

  const app = (name: string, more: object = {}): WantedContainer => {
    const { username, password, address } = registry;
    const registryAuth = { address, username, password };
    return { name, host: 0, image, entrypoints: ["sleep"], command: ["100000"], registryAuth, ...more };
  };
  const want = (...wanted: WantedContainer[]) => program.write("containers.json", JSON.stringify(wanted));
  const still = () => app("still");
  const moving = () => app("moving", { pullTriggers: [] });
  const imageOf = async (name: string) => (await inspectAll(lab)).get(name)?.Image;

  before(async () => {
    lab = await Lab.start({ hosts: 1, name: "e2e-container-images" });
    registry = await PrivateRegistry.start(lab);
    await registry.trustedBy(lab.host(1));
    await registry.push("consul:1.8.7", "team/app:1");
    image = `${registry.address}/team/app:1`;
    program = await TestProgram.create(lab, CONTAINERS_PROGRAM);
  });
  after(async () => {
    await program?.stack.destroy();
    await registry?.stop();
    await lab?.stop();
    await program?.remove();
  });

  it("is refused with a wrong password, in words that name host, image and what to do, and not the password", async () => {
    const wrong = { address: registry.address, username: "lab", password: "wr0ng-password" };
    await want(app("web", { registryAuth: wrong }));
    const { stdout, stderr, exitCode } = await program.stack.up({ mustSucceed: false });
    assert.notEqual(exitCode, 0);
    const words = `error: host ${lab.host(1).address}: pull image "${image}": unauthorized: authentication required (does the image exist, are \`registryAuth\`'s user name and password right, and may "lab" pull it?)`;
    assert.ok(stdout.includes(words), stdout);
    assert.ok(!`${stdout}${stderr}`.includes("wr0ng-password"));
    assert.deepEqual(registry.told, []);
  });

  it("is pulled once for three containers, again after a 503, with a line that moves, and nobody sees the password", async () => {
    let processes = "";
    let turnedAway = 0;
    registry.atDoor = async (path) => {
      const inside = (await lab.host(1).ssh(["ps", "axww", "-o", "args"])).stdout;
      processes += (await run("ps", ["axww", "-o", "args"])) + inside;
      // The engine asks by HEAD, and by GET where that is not answered.
      return path.includes("/manifests/") && turnedAway++ < 2 ? 503 : undefined;
    };
    // About forty megabytes, in six seconds.
    registry.rate = 7e6;
    await want(still(), moving(), app("third"));
    const { stdout, stderr } = await program.stack.up({ args: ["--logtostderr", "--logflow", "-v=2"] });
    registry.atDoor = registry.rate = undefined;
    assert.deepEqual(registry.told, [`${lab.host(1).address} team/app:1`]);
    assert.match(stdout, /: pull image "\S+team\/app:1": received unexpected HTTP status: 503 .*; trying again/);
    const [meanwhile = "", afterwards = ""] = stdout.split(/^Diagnostics:$/m);
    assert.match(meanwhile, /: pulling \S+team\/app:1: \d\d? % of \d+ MB$/m);
    assert.doesNotMatch(afterwards, / % of /);
    assert.match(afterwards, /: pulled \S+team\/app:1: \d+ MB in \d+ s$/m);
    assert.match(processes, /dockerd/);
    const journal = (await lab.host(1).ssh(["journalctl", "-u", "docker", "--no-pager"])).stdout;
    const state = await program.stack.exportState();
    for (const [name, text] of Object.entries({ stdout, stderr, processes, journal, state })) {
      const leaking = text.split("\n").filter((line) => line.includes(registry.password));
      assert.deepEqual(
        leaking.map((line) => line.slice(0, 200)),
        [],
        name,
      );
    }
    assert.ok((await program.stack.exportState({ showSecrets: true })).includes(registry.password));
  });

  it("is no change while its tag stays, and once it moves one where `pullTriggers` ask", async () => {
    await want(still(), moving());
    assert.deepEqual(changed(await program.stack.up({ refresh: true })), { "Container third": "delete" });
    const old = await imageOf("moving");
    await registry.push("consul:1.8", "team/app:1");
    assert.deepEqual(changed(await program.stack.up({ refresh: true })), { "Container moving": "create-replacement" });
    assert.notEqual(await imageOf("moving"), old);
    assert.equal(await imageOf("still"), old);
    // One pull, one look of each refresh, and the pull of the new one.
    assert.equal(registry.told.length, 4);
  });
});

/** What was done beside refreshing, which is a step for each resource. */
function changed(run: Parameters<typeof changes>[0]) {
  return changes({ ...run, steps: run.steps.filter(({ op }) => op !== "refresh") });
}
