import assert from "node:assert/strict";
import type { ContainerState as DockerState } from "../../../../provider/docker/containerTypes";
import { container } from "../../../../provider/resources/container";
import type { ContainerState } from "../../../../provider/resources/container/inputs";
import { containerWorld, inputsWith } from "../../../helpers/containerWorld";
import { fakeTask } from "../../../helpers/fakeRun";

/** A container whose state goes through these, one each time that it is looked at once it was started. */
function started(...states: Partial<DockerState>[]) {
  const world = containerWorld();
  const { docker, run } = world;
  const { inspect } = docker.containers;
  docker.containers.inspect = async (name) => {
    const found = await inspect(name);
    if (!found.State.Running) return found;
    const state = states.length > 1 ? states.shift() : states[0];
    return { ...found, State: { ...found.State, ...state } };
  };
  const create = (changed: object) => container.create(inputsWith(changed), fakeTask(run));
  return { ...world, create };
}

const health = (Status: "starting" | "healthy" | "unhealthy", Output?: string): Partial<DockerState> => ({
  Health: { Status, ...(Output === undefined ? {} : { Log: [{ ExitCode: 1, Output }] }) },
});

describe("a Container with `wait`", () => {
  it("waits until it is healthy, and says so", async () => {
    const { create, said } = started(health("starting"), health("starting", "no"), health("healthy"));
    const state = await create({ wait: true });
    assert.equal(state.health, "healthy");
    assert.deepEqual(said, ["10.77.0.1: waiting for web1 to be healthy"]);
  });

  it("waits for nothing where it is not asked to", async () => {
    const { create } = started(health("starting"));
    assert.equal((await create({})).health, "starting");
  });

  it("gives up after `waitTimeout`, with the last check's output", async () => {
    const { create } = started(health("starting"), health("unhealthy", "connection refused\n"));
    await assert.rejects(create({ wait: true, waitTimeout: 5 }), {
      message:
        'timed out after 5 s waiting for the container "web1" on 10.77.0.1 to be healthy; last seen: it is unhealthy; ' +
        "the last check ended with exit code 1: connection refused",
      code: "not-ready",
    });
  });

  it("watches one without a health check for a moment, and says its last words when it ends", async () => {
    const steady = started({});
    assert.equal((await steady.create({ wait: true })).state, "running");
    const falling = started({}, {}, { Running: false, ExitCode: 3 });
    falling.docker.containers.logs = async () => "cannot bind\nbye\n";
    await assert.rejects(falling.create({ wait: true }), {
      message:
        'host 10.77.0.1: the container "web1" ended with exit code 3 while it was waited for; its log ends: cannot bind | bye',
    });
    const again = started({}, {}, { StartedAt: "2026-01-02T00:00:00Z" });
    await assert.rejects(again.create({ wait: true }), /ended with exit code 0 while it was waited for/);
  });
});

describe("an update of a Container with `wait`", () => {
  /** How long it takes on the task's clock, and what state it leaves. */
  async function timed(world: ReturnType<typeof containerWorld>, olds: ContainerState) {
    const task = world.task();
    const before = task.deadline.remaining();
    await container.update(olds, inputsWith({ wait: true, restart: "always" }), task);
    return before - task.deadline.remaining();
  }

  it("does not watch one again that runs on, but one that was started again, or not waited for before", async () => {
    const world = containerWorld();
    const state = await world.create({ wait: true });
    assert.equal(await timed(world, state), 0);
    assert.ok((await timed(world, { ...state, wait: undefined })) >= 2_000);
    assert.ok((await timed(world, { ...state, reachable: false })) >= 2_000);
    await world.docker.containers.stop("web1");
    world.docker.find("", "web1").State.StartedAt = "2025-01-01T00:00:00Z";
    assert.ok((await timed(world, state)) >= 2_000);
  });
});

describe("a Container with `wait` that may end", () => {
  const job = { wait: true, mustRun: false };

  it("is ready when it has ended with exit code 0, and stays so in later updates and refreshes", async () => {
    const { docker, create, read, update } = containerWorld();
    docker.shortLived.set("busybox:1.35", "done");
    const { start } = docker.containers;
    docker.containers.start = async (name) => {
      await start(name);
      docker.find("", name).State.ExitCode = 0;
    };
    const state = await create(job);
    assert.deepEqual([state.state, state.exitCode], ["exited", 0]);
    assert.deepEqual(container.diff((await read(state))!, inputsWith(job)), { changes: false, replaces: [] });
    docker.settle();
    await update(state, { ...job, restart: "on-failure" });
    assert.deepEqual(
      docker.mutations.map((call) => call.split(" ")[0]),
      ["update"],
    );
  });

  it("is an error when it ends with another exit code, which a refresh does not forget", async () => {
    const { docker, create, read, update } = containerWorld();
    docker.shortLived.set("busybox:1.35", "no such table");
    const failed = {
      message:
        'host 10.77.0.1: the container "web1" ended with exit code 1 while it was waited for; its log ends: no such table',
    };
    await assert.rejects(create(job), failed);
    const found = (await read(inputsWith(job) as ContainerState))!;
    assert.equal(container.diff(found, inputsWith(job)).changes, true);
    await assert.rejects(update(found, job), failed);
  });
});

describe("a Container that was not, or is no longer, what `wait` waits for", () => {
  const wanted = { wait: true, waitTimeout: 5 };

  it("is waited for again by the next up, also after a refresh", async () => {
    const { docker, create, read, update } = started(health("starting"));
    await assert.rejects(create(wanted), /timed out after 5 s/);
    for (const status of ["starting", "unhealthy"] as const) {
      docker.find("", "web1").State.Health = { Status: status };
      const found = (await read(inputsWith(wanted) as ContainerState))!;
      assert.equal(found.wait, false);
      assert.deepEqual(container.diff(found, inputsWith(wanted)), { changes: true, replaces: [] });
      await assert.rejects(update(found, wanted), /timed out after 5 s/);
    }
  });

  it("is a difference where a refresh finds it unhealthy, and none where it is healthy or nobody waits", async () => {
    const { create, read } = started(health("healthy"), health("healthy"), health("healthy"), health("unhealthy"));
    const state = await create(wanted);
    assert.deepEqual(container.diff((await read(state))!, inputsWith(wanted)), { changes: false, replaces: [] });
    const found = (await read(state))!;
    assert.deepEqual([found.health, found.wait], ["unhealthy", false]);
    const { wait: _, ...careless } = state;
    assert.deepEqual(container.diff((await read(careless))!, inputsWith({ waitTimeout: 5 })), {
      changes: false,
      replaces: [],
    });
  });
});

describe("a Container that ends while it is looked whether its peers reach it", () => {
  const ends = { Running: false, Status: "exited", ExitCode: 3 } as const;

  it("is an error where it has to run, and none where it may end", async () => {
    const falling = started({}, ends);
    falling.docker.containers.logs = async () => "bye";
    await assert.rejects(falling.create({}), {
      message: 'host 10.77.0.1: the container "web1" ended at once with exit code 3; its log ends: bye',
    });
    const { exitCode } = await started({}, ends).create({ mustRun: false });
    assert.equal(exitCode, 3);
  });
});

describe("a Container that its engine starts again and again", () => {
  it("is given ten seconds to run", async () => {
    const { create } = started({ Restarting: true }, { Restarting: true }, {});
    assert.equal((await create({ restart: "always" })).state, "running");
    const never = started({ Restarting: true, ExitCode: 2 });
    await assert.rejects(
      never.create({ restart: "always" }),
      /timed out after 10 s waiting for the container "web1" on 10\.77\.0\.1 to run; last seen: it ended with exit code 2, was started 0 times again, and its log ends: \(empty\)/,
    );
  });
});
