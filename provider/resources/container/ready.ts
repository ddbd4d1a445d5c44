import type { Container } from "../../docker/containerTypes";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { Deadline, waitFor } from "../../wait";
import type { ContainerInputs } from "./inputs";
import { lastWords } from "./lastWords";
import type { Place } from "./place";

const DEFAULT_SECONDS = 60;

/** What has run for so long without a health check did not just start to fall over. */
const STEADY = 2_000;

/** What `wait` waits for, as far as one look can tell; one that may end is ready when it has ended well. */
export function isReady({ State }: Container, { mustRun }: Pick<ContainerInputs, "mustRun">): boolean {
  if (!State.Running) return !mustRun && State.Status === "exited" && State.ExitCode === 0;
  const health = healthOf(State);
  return !State.Restarting && (health === undefined || health.Status === "healthy");
}

/**
 * Where `wait` is given: waits until it is healthy or, without a health check, until it has run for a moment, which one
 * that `runsOn` since it was waited for before has; one that may end has a good end, too.
 */
export async function waitUntilReady(
  { docker }: Place,
  container: Container,
  inputs: ContainerInputs & { runsOn: boolean },
  task: Task,
): Promise<Container> {
  const { name, host, wait, waitTimeout = DEFAULT_SECONDS, start, runsOn } = inputs;
  const health = healthOf(container.State);
  if (!wait || start === false || ((health || runsOn) && isReady(container, inputs))) return container;
  const { clock } = task.deadline;
  const deadline = new Deadline(Math.min(waitTimeout * 1000, task.deadline.remaining()), clock);
  const began = clock.now();
  if (health) task.run.progress(host, `waiting for ${name} to be healthy`);
  return await waitFor<Container>(
    async () => {
      const now = await docker.containers.inspect(container.Id);
      const { State } = now;
      const ready = isReady(now, inputs);
      if (!State.Running && ready) return { done: now };
      if (!State.Running || State.Restarting || State.StartedAt !== container.State.StartedAt) await ended(now);
      const health = healthOf(State);
      if (health) return ready ? { done: now } : { seen: describeHealth(health) };
      if (clock.now() - began >= STEADY) return { done: now };
      return { seen: "it runs, but not for long" };
    },
    {
      what: `the container "${name}" on ${host} to be ${health ? "healthy" : "running steadily"}`,
      deadline,
      interval: { first: 50, longest: 500 },
    },
  );

  async function ended({ Id, State }: Container): Promise<never> {
    throw new CrosshostError(
      `host ${host}: the container "${name}" ended with exit code ${State.ExitCode} while it was waited for; ${await lastWords(docker, Id)}`,
      { code: "not-ready" },
    );
  }
}

type Health = NonNullable<Container["State"]["Health"]>;

function healthOf({ Health }: Container["State"]): Health | undefined {
  return Health?.Status === "none" ? undefined : Health;
}

function describeHealth({ Status, Log }: Health): string {
  const last = Log?.at(-1);
  if (!last) return `it is ${Status}, and was not checked yet`;
  const output = last.Output.trim().replaceAll(/\r?\n/g, " | ");
  return `it is ${Status}; the last check ended with exit code ${last.ExitCode}: ${output || "(no output)"}`;
}
