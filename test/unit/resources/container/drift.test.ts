import assert from "node:assert/strict";
import { container } from "../../../../provider/resources/container";
import type { ContainerState } from "../../../../provider/resources/container/inputs";
import { containerWorld, inputsWith } from "../../../helpers/containerWorld";

describe("a Container that was changed by hand", () => {
  /** What refresh finds, what the next `up` does about it, and that this was enough. */
  async function repaired(
    change: (world: ReturnType<typeof containerWorld>) => void | Promise<void>,
    given: object = {},
  ) {
    const world = containerWorld();
    const { docker, create, read, update } = world;
    const state = await create(given);
    await change(world);
    const found = (await read(state))!;
    const { replaces, changes } = container.diff(found, inputsWith(given));
    assert.equal(changes, true);
    docker.settle();
    let after: ContainerState | undefined;
    if (replaces.length === 0) {
      after = await update(found, given);
      assert.deepEqual(container.diff((await read(after))!, inputsWith(given)), { changes: false, replaces: [] });
    }
    return { found, replaces, calls: docker.mutations.map((call) => call.replace(/"[0-9a-f]{64}"/, '"web1"')) };
  }

  it("is let go on where it was paused", async () => {
    const { calls } = await repaired(({ docker }) => {
      docker.find("", "web1").State.Paused = true;
    });
    assert.deepEqual(calls, ['unpause container "web1"']);
  });

  it("is connected again where its engine does not show an endpoint, whatever is to be proven, which a refresh says", async () => {
    for (const verifyConnectivity of ["require", "off"]) {
      const { docker, create, read, update, said } = containerWorld();
      const IPAM = { Config: [{ Subnet: "10.2.0.0/24" }] };
      await docker.networks.create({ Name: "ov", Driver: "bridge", IPAM });
      const given = { verifyConnectivity, networksAdvanced: [{ name: "ov" }] };
      const state = await create(given);
      const record = docker.find("", "web1").NetworkSettings.Networks.ov!;
      Object.assign(record, { NetworkID: "", EndpointID: "", IPAddress: "" });
      const found = (await read(state))!;
      assert.equal(container.diff(found, inputsWith(given)).changes, true);
      const line = '10.77.0.1: its engine does not show the endpoint of web1 on "ov"';
      assert.deepEqual(said, [`${line}; \`pulumi up\` heals what can be healed`]);
      const after = await update(found, given);
      assert.equal(after.endpoints[0]!.address, state.endpoints[0]!.address);
      assert.deepEqual(said.slice(1), [
        '10.77.0.1: healing "ov": its engine does not show the endpoint of web1; connecting it again',
      ]);
      assert.deepEqual(container.diff((await read(after))!, inputsWith(given)), { changes: false, replaces: [] });
    }
  });

  it("fails, or warns, where its engine never shows the endpoint", async () => {
    const line = 'its engine does not show the endpoint of web1 on "ov"';
    for (const verifyConnectivity of ["require", "warn", "off"]) {
      const { docker, create, said } = containerWorld({ info: { ClusterStore: "consul://10.77.0.1:8500" } });
      await docker.networks.create({ Name: "ov", Driver: "overlay" });
      docker.networks.hides = 99;
      const creating = create({ verifyConnectivity, networksAdvanced: [{ name: "ov" }] });
      if (verifyConnectivity === "require")
        await assert.rejects(creating, (error: Error) => error.message.includes(line));
      else await creating;
      const warned = said.some((one) => one.startsWith("warning: ") && one.includes(line));
      assert.equal(warned, verifyConnectivity !== "require", said.join("\n"));
    }
  });

  it("is started where it was stopped", async () => {
    const { calls, found } = await repaired(({ docker }) => docker.containers.stop("web1"));
    assert.deepEqual([found.state, found.mustRun], ["exited", false]);
    assert.deepEqual(calls, ['start container "web1"']);
  });

  it("is stopped where it is not to be started", async () => {
    const { calls } = await repaired(({ docker }) => docker.containers.start("web1"), { start: false });
    assert.deepEqual(calls, ['stop container "web1"']);
  });

  it("gets its limits back, and one that it never had is taken away with it", async () => {
    const changed = await repaired(({ docker }) => void docker.containers.update("web1", { NanoCpus: 1e9 }), {
      cpus: "0.5",
    });
    assert.equal(changed.found.cpus, "1");
    assert.deepEqual(changed.calls, ['update container "web1"']);
    const added = await repaired(
      ({ docker }) => void docker.containers.update("web1", { Memory: 2 ** 26, MemorySwap: 2 ** 27 }),
    );
    assert.deepEqual([added.found.memory, added.replaces], [64, ["memory"]]);
  });

  it("is replaced where somebody made another in its place with our label, of another image or with other options", async () => {
    for (const [other, property] of [
      [{ Image: "consul:1.8.7" }, "image"],
      [{ Image: "busybox:1.35", Env: ["A=1"] }, "envs"],
      [{ Image: "busybox:1.35", HostConfig: { Privileged: true } }, "privileged"],
    ] as const) {
      const { replaces } = await repaired(async ({ docker, inspect }) => {
        const { Config } = await inspect();
        await docker.containers.remove("web1", { force: true });
        const { HostConfig = {}, Env = [], ...rest } = { HostConfig: undefined, Env: undefined, ...other };
        await docker.containers.create("web1", { ...rest, Env: [...(Env ?? [])], HostConfig, Labels: Config.Labels });
        await docker.containers.start("web1");
      });
      assert.deepEqual(replaces, [property]);
    }
  });
});

describe("a limit that the engine has no means to keep", () => {
  it("is warned of once, and is no difference, also after a refresh", async () => {
    const { docker, create, read, update, said } = containerWorld();
    docker.discards.push("Memory", "MemorySwap");
    const state = await create({ memory: 64, cpus: "1" });
    assert.deepEqual(state.discardedLimits, ["memory"]);
    assert.equal(state.memory, 64);
    assert.equal(
      said[0],
      '10.77.0.1: warning: container "web1": Your kernel does not support Memory. Limitation discarded.',
    );
    const found = (await read(state))!;
    assert.deepEqual(container.diff(found, inputsWith({ memory: 64, cpus: "1" })), { changes: false, replaces: [] });
    docker.settle();
    const told = said.length;
    const after = await update(found, { memory: 64, cpus: "1", restart: "always" });
    assert.deepEqual(
      docker.mutations.map((call) => call.split(" ")[0]),
      ["update"],
    );
    docker.settle();
    await update(after, { memory: 64, cpus: "1", restart: "always", mustRun: false });
    assert.deepEqual(docker.mutations, []);
    assert.ok(said.length > told);
    const changed = await update(after, { memory: 128, cpus: "1", restart: "always" });
    assert.deepEqual(changed.discardedLimits, ["memory"]);
  });
});

describe("adopting a Container", () => {
  const made = { command: ["sleep", "1000"], envs: ["A=1"], privileged: true };

  /** One that somebody else made, with these options. */
  async function theirs(options: object = made) {
    const world = containerWorld();
    Object.assign(world.docker.imageConfig, { Env: ["PATH=/bin"], Cmd: ["sh"], Labels: { vendor: "them" } });
    const { owner: _, ...rest } = inputsWith(options);
    await container.create({ ...rest, owner: "their/stack/web1" }, world.task());
    world.docker.settle();
    return world;
  }

  it("is refused without `adopt`, which the error names", async () => {
    const { create } = await theirs();
    await assert.rejects(create(made), {
      message: 'host 10.77.0.1: the container "web1" exists already and belongs to their/stack/web1',
      hint: "remove it, take it over with `adopt: true`, or give this resource another `name`",
    });
  });

  it("takes over one that is the same, touching nothing, and from then on it is ours", async () => {
    const { docker, create, read, update, remove, inspect } = await theirs();
    const state = await create({ ...made, adopt: true });
    assert.deepEqual(docker.mutations, []);
    const { Id } = await inspect();
    assert.deepEqual(state.adoptedIds, [Id]);
    const found = (await read(state))!;
    assert.deepEqual(container.diff(found, inputsWith({ ...made, adopt: true })), { changes: false, replaces: [] });
    const after = await update(found, { ...made, restart: "always" });
    assert.deepEqual([after.containerId, after.adoptedIds], [Id, [Id]]);
    await remove(after);
    assert.equal(docker.containersById.size, 0);
  });

  it("lists every difference at once, and touches nothing; what may be secret is not shown", async () => {
    const { docker, create } = await theirs();
    const wanted = { adopt: true, command: ["sleep", "2"], envs: ["A=2"], user: "nobody", restart: "always" };
    await assert.rejects(create(wanted), {
      message:
        'host 10.77.0.1: the container "web1" cannot be adopted, since it differs from the program: ' +
        'command is ["sleep","1000"], wanted ["sleep","2"]; envs differ; user is not given, wanted "nobody"; ' +
        "privileged is true, wanted not given",
      hint: "change the program to match it, or remove it",
    });
    assert.deepEqual(docker.mutations, []);
  });
});
