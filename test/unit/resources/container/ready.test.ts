import assert from "node:assert/strict";
import type { ContainerState as DockerState } from "../../../../provider/docker/containerTypes";
import { container } from "../../../../provider/resources/container";
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
