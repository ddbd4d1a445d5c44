import type { Container } from "../../docker/containerTypes";
import type { Task } from "../../lifecycle";
import { healingUnshown, showEndpoints } from "../../proof";
import { verifyConnectivity } from "./connectivity";
import { leaveGoneNetworks, reconcileEndpoints } from "./endpoints";
import type { ContainerInputs, ContainerState } from "./inputs";
import { clearLeftEndpoint, LeftEndpoint } from "./leftEndpoint";
import { reconcileLimits } from "./limits";
import { despiteLostSandbox } from "./lostSandbox";
import { makeContainer } from "./make";
import { requireNeeds } from "./needs";
import type { Place } from "./place";
import { waitUntilReady } from "./ready";
import { reconcileRunning, runningNow } from "./running";
import { hasNeverRun } from "./start";
import { toState } from "./state";
import { upload } from "./upload";

/** How often it is made anew where each start fails half way: an engine may have several threads that do not reach its store. */
const TRIES = 5;

/** Makes the container what the inputs say, from whatever state it is in; `olds` is what is known of it. */
export async function bringAbout(inputs: ContainerInputs, task: Task, olds?: ContainerState): Promise<ContainerState> {
  const { connection } = inputs;
  const host = await task.run.host(connection, task.deadline);
  const docker = await task.run.docker(connection, task.deadline);
  const bring = () =>
    task.run.engineGate(connection).shared(async () => {
      const place = { host, docker, apiVersion: await docker.engine.apiVersion() };
      requireNeeds(inputs, place.apiVersion);
      for (let tries = 1; ; tries++) {
        try {
          return await reconcile(place, inputs, task, olds);
        } catch (error) {
          if (!(error instanceof LeftEndpoint) || tries === TRIES) throw error;
          if (!hasNeverRun(await docker.containers.inspect(inputs.name))) throw error;
          await clearLeftEndpoint(docker, host, error, task.deadline.clock);
        }
      }
    });
  const { place, container, discarded } = await despiteLostSandbox({ host, docker, inputs, task }, bring);
  // Here each network's own proof that the endpoint works has its place.
  const proven = await verifyConnectivity(docker, inputs, container, task);
  return toState({ place, inputs, container: await runningNow(place, proven, inputs, task), discarded });
}

async function reconcile(place: Place, inputs: ContainerInputs, task: Task, olds: ContainerState | undefined) {
  const { docker } = place;
  const made = await makeContainer(place, inputs, olds, task);
  task.touching();
  // Nobody who heals its endpoints may do so meanwhile.
  const { running, discarded } = await task.run.alone([inputs], async () => {
    const container = made.isNew
      ? made.container
      : await leaveGoneNetworks(docker, await docker.containers.inspect(made.container.Id));
    await reconcileEndpoints(docker, container, inputs);
    const discarded = await reconcileLimits(place, made, inputs, olds, task);
    await upload(docker, container, inputs.uploads);
    const ran = made.container.State.Running;
    const running = await showEndpoints(docker, await reconcileRunning(place, container, { ...inputs, ran }, task), {
      onUnshown: (network) => task.run.progress(inputs.host, healingUnshown(inputs.name, network)),
    });
    return { running, discarded };
  });
  const runsOn = wasReady(olds, running) && running.State.StartedAt === made.container.State.StartedAt;
  return { place, container: await waitUntilReady(place, running, { ...inputs, runsOn }, task), discarded };
}

/** Whether state says that it was waited for; what an update that failed has recorded does not. */
function wasReady(olds: ContainerState | undefined, { Id }: Container): boolean {
  return olds?.containerId === Id && olds.wait === true && olds.reachable;
}
