import assert from "node:assert/strict";
import { Lab } from "../../lab";
import { faultsOnHosts, numbered } from "../../tools/soak/numbered";
import { CONTAINERS_PROGRAM, inspectAll, type WantedContainer } from "../helpers/containersProgram";
import { Random } from "../helpers/random";
import { changes, TestProgram } from "../helpers/twoHosts";

/** What a container goes through, on a real host: started, waited for, replaced, failed, ended. */
describe("the life of a Container", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;

  const docker = async (...words: string[]) => {
    const { stdout, stderr, exitCode } = await lab.host(1).ssh(["docker", ...words]);
    assert.equal(exitCode, 0, `docker ${words.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  const want = (changed: Record<string, object> = {}) =>
    program.write("containers.json", JSON.stringify(all.map((each) => ({ ...each, ...changed[each.name] }))));
  const shell = (script: string) => ["sh", "-c", script];
  const outputsOf = async (name: string) => {
    const { deployment } = JSON.parse(await program.stack.exportState()) as {
      deployment: { resources: { urn: string; outputs?: Record<string, unknown> }[] };
    };
    return deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs ?? {};
  };

  const common = { host: 0, image: "busybox:1.35" };
  const all: WantedContainer[] = [
    {
      ...{ ...common, name: "healthy", wait: true },
      command: shell("sleep 1; touch /tmp/ok; sleep 100000"),
      healthcheck: { tests: ["CMD-SHELL", "cat /tmp/ok"], interval: "500ms" },
    },
    { ...common, name: "job", command: shell("exit 3"), mustRun: false },
    {
      ...{ ...common, name: "store", wait: true, memory: 64 },
      command: shell("echo once >> /data/starts; sleep 100000"),
      networksAdvanced: [{ name: "front", ipv4Address: "10.91.0.80" }],
      volumes: [{ containerPath: "/data", volumeName: "store-data" }],
      ports: [{ internal: 80, external: 8080 }],
      uploads: [{ file: "/etc/app/app.conf", source: "app.conf", permissions: "0600" }],
      envs: ["TOKEN=s3cret-of-envs"],
      registryAuth: { username: "me", password: "s3cret-of-registry" },
    },
    {
      ...{ ...common, name: "graceful", destroyGraceSeconds: 20 },
      command: shell("trap 'echo ended > /host/end; exit 0' TERM; sleep 100000 & wait"),
      volumes: [{ containerPath: "/host", hostPath: "/tmp/crosshost-grace" }, { containerPath: "/scratch" }],
    },
  ];

  before(async () => {
    lab = await Lab.start({ hosts: 1, name: "e2e-container-life" });
    await docker("network", "create", "--subnet", "10.91.0.0/24", "front");
    program = await TestProgram.create(lab, CONTAINERS_PROGRAM);
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
  });

  it("begins when it is healthy, has its files, and says of a limit that this host discards it", async () => {
    await want();
    await program.write("app.conf", "it's $HOME\n");
    const { stdout } = await program.stack.up();
    assert.match(stdout, /: waiting for healthy to be healthy/);
    assert.match(stdout, /: warning: container "store": .*memory limit capabilities.* Limitation discarded/);
    const { healthy } = Object.fromEntries(await inspectAll(lab));
    assert.equal(healthy!.State.Health!.Status, "healthy");
    assert.equal(await docker("exec", "store", "cat", "/etc/app/app.conf"), "it's $HOME");
    assert.equal(await docker("exec", "store", "stat", "-c", "%a %U", "/etc/app/app.conf"), "600 root");
    const { discardedLimits, publishedPorts } = await outputsOf("store");
    assert.deepEqual(discardedLimits, ["memory"]);
    assert.deepEqual(publishedPorts, [{ internal: 80, protocol: "tcp", ip: "0.0.0.0", external: 8080 }]);
  });

  it("is over for one that may end, which no `up` starts again; a refresh has its exit code", async () => {
    await program.stack.refresh();
    const { exitCode, state } = await outputsOf("job");
    assert.deepEqual([exitCode, state], [3, "exited"]);
    assert.deepEqual(changes(await program.stack.up()), {});
    assert.equal((await inspectAll(lab)).get("job")!.State.ExitCode, 3);
  });

  it("has its secrets in no plain state", async () => {
    const state = await program.stack.exportState();
    assert.ok(!/s3cret/.test(state));
    const shown = await program.stack.exportState({ showSecrets: true });
    assert.ok(shown.includes("s3cret-of-envs") && shown.includes("s3cret-of-registry"));
  });

  it("goes on with the same address, port and data in the container that replaces it for another file", async () => {
    await program.write("app.conf", "another\n");
    assert.match(changes(await program.stack.up())["Container store"]!, /replace/);
    const store = (await inspectAll(lab)).get("store")!;
    assert.equal(store.NetworkSettings.Networks.front!.IPAddress, "10.91.0.80");
    assert.deepEqual(store.NetworkSettings.Ports!["80/tcp"], [{ HostIp: "0.0.0.0", HostPort: "8080" }]);
    assert.equal(await docker("exec", "store", "cat", "/data/starts"), "once\nonce");
    assert.equal(await docker("exec", "store", "cat", "/etc/app/app.conf"), "another");
  });

  it("that fails to start again, or never gets healthy, is told with its reason, and put right by the next up", async () => {
    await want({
      store: { command: ["/no/such/program"] },
      healthy: { healthcheck: { tests: ["CMD-SHELL", "echo not yet; false"], interval: "300ms" }, waitTimeout: 3 },
    });
    const { stdout, exitCode } = await program.stack.up({ mustSucceed: false, args: ["--continue-on-error"] });
    assert.notEqual(exitCode, 0);
    assert.match(stdout, /start container .*no such file or directory/);
    assert.match(
      stdout,
      /timed out after 3 s waiting for the container "healthy" on \S+ to be healthy; last seen: it is \w+; the last check ended with exit code 1: not yet/,
    );
    // A refresh finds what it is, and does not forget that it is not what it was waited for.
    assert.ok("Container healthy" in changes(await program.stack.refresh()));
    assert.equal((await outputsOf("healthy")).wait, false);
    await want();
    await program.stack.up();
    const there = await inspectAll(lab);
    assert.equal(there.get("store")!.NetworkSettings.Networks.front!.IPAddress, "10.91.0.80");
    assert.equal(there.get("healthy")!.State.Health!.Status, "healthy");
    assert.equal(await docker("exec", "store", "cat", "/data/starts"), "once\nonce\nonce");
    assert.deepEqual(changes(await program.stack.up()), {});
  });

  it("ends by itself where it is given the time, also renamed, and its anonymous volumes with it; named ones stay", async () => {
    await docker("rename", "graceful", "other");
    await docker("run", "-d", "--name", "graceful", "busybox:1.35", "sleep", "100000");
    await program.stack.destroy();
    const { stdout } = await lab.host(1).ssh(["cat", "/tmp/crosshost-grace/end"]);
    assert.equal(stdout.trim(), "ended");
    assert.deepEqual([...(await inspectAll(lab)).keys()], ["graceful"]);
    await docker("rm", "--force", "graceful");
    assert.equal(await docker("volume", "ls", "-q"), "store-data");
  });

  it("is there once, and whole, after an `up` whose CLI was killed, and killed again", async () => {
    const random = new Random(7);
    const wanted = numbered(lab, 12);
    await program.write("containers.json", JSON.stringify(wanted));
    for (let kill = 1; kill <= 2; kill++) {
      // After the first of them is begun; three at a time, so that others have not.
      const moment = { line: /crosshost:Container \w+ creating/, after: random.number(800) };
      await program.stack.up({ mustSucceed: false, kill: moment, args: ["--parallel", "3"] });
      await program.stack.cancel();
    }
    await program.stack.up();
    assert.deepEqual(await faultsOnHosts(lab, wanted), []);
    assert.deepEqual(changes(await program.stack.up()), {});
  });
});
