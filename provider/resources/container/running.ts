import type { Container } from "../../docker/containerTypes";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { Deadline, waitFor } from "../../wait";
import type { ContainerInputs } from "./inputs";
import { lastWords } from "./lastWords";
import type { Place } from "./place";
import { hasNeverRun, startContainer } from "./start";

/** How long a container that the engine starts again and again has to be found running. */
const RESTART_PATIENCE = 10_000;

/**
 * Starts it, lets it go on or stops it, as is wanted. One that has to run and ends at once is an error with its last
 * words; one that may end is started once, and again where it ran until it was stopped here: `ran`.
 */
export async function reconcileRunning(
  place: Place,
  container: Container,
  { ran, ...inputs }: ContainerInputs & { ran: boolean },
  task: Task,
): Promise<Container> {
  const { docker } = place;
  const { mustRun, start } = inputs;
  const { Id, State } = container;
  if (start === false) {
    if (State.Running) await docker.containers.stop(Id);
    return docker.containers.inspect(Id);
  }
  if (State.Paused && mustRun) await docker.containers.unpause(Id);
  const isWanted = mustRun || ran || hasNeverRun(container);
  if (!State.Running && isWanted) await startContainer(docker, inputs, container, task);
  return await runningNow(place, await docker.containers.inspect(Id), inputs, task);
}

/** The container, which runs if it has to; else an error with its last words. */
export async function runningNow(
  { docker }: Place,
  container: Container,
  { mustRun, name, host }: ContainerInputs,
  task: Task,
): Promise<Container> {
  const { Id, State } = container;
  if (!mustRun) return container;
  if (State.Restarting) return await untilItRuns();
  if (State.Running) return container;
  throw new CrosshostError(
    `host ${host}: the container "${name}" ended at once with exit code ${State.ExitCode}; ${await lastWords(docker, Id)}`,
    { code: "not-ready", hint: "if that is what it is for, give `mustRun: false`" },
  );

  async function untilItRuns(): Promise<Container> {
    const { clock } = task.deadline;
    return await waitFor<Container>(
      async () => {
        const look = await docker.containers.inspect(Id);
        if (look.State.Running && !look.State.Restarting) return { done: look };
        const { RestartCount, State } = look;
        return {
          seen: `it ended with exit code ${State.ExitCode}, was started ${RestartCount} times again, and ${await lastWords(docker, Id)}`,
        };
      },
      {
        what: `the container "${name}" on ${host} to run`,
        deadline: new Deadline(Math.min(RESTART_PATIENCE, task.deadline.remaining()), clock),
      },
    );
  }
}
