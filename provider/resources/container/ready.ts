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

/** Where `wait` is given: waits until it is healthy or, without a health check, until it has run for a moment. */
export async function waitUntilReady(
  { docker }: Place,
  container: Container,
  inputs: ContainerInputs,
  task: Task,
): Promise<Container> {
  const { name, host, wait, waitTimeout = DEFAULT_SECONDS, start } = inputs;
  if (!wait || start === false || container.State.Health?.Status === "healthy") return container;
  const { clock } = task.deadline;
  const deadline = new Deadline(Math.min(waitTimeout * 1000, task.deadline.remaining()), clock);
  const began = clock.now();
  if (container.State.Health) task.run.progress(host, `waiting for ${name} to be healthy`);
  return await waitFor<Container>(
    async () => {
      const now = await docker.containers.inspect(container.Id);
      const { State } = now;
      if (!State.Running || State.Restarting || State.StartedAt !== container.State.StartedAt) await ended(now);
      if (State.Health?.Status === "healthy") return { done: now };
      if (State.Health) return { seen: describeHealth(State.Health) };
      if (clock.now() - began >= STEADY) return { done: now };
      return { seen: "it runs, but not for long" };
    },
    {
      what: `the container "${name}" on ${host} to be ${container.State.Health ? "healthy" : "running steadily"}`,
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

function describeHealth({ Status, Log }: NonNullable<Container["State"]["Health"]>): string {
  const last = Log?.at(-1);
  if (!last) return `it is ${Status}, and was not checked yet`;
  const output = last.Output.trim().replaceAll(/\r?\n/g, " | ");
  return `it is ${Status}; the last check ended with exit code ${last.ExitCode}: ${output || "(no output)"}`;
}
