import type { Task } from "../../lifecycle";
import { belongsTo } from "../shared/owned";
import { findContainer } from "../shared/ownedContainer";
import { reachOrSkip } from "../shared/reachable";
import { isReachable } from "./connectivity";
import { movedImage } from "./digest";
import { findImage } from "./found";
import type { ContainerState } from "./inputs";
import { inputsFound } from "./readBack";
import { isReady } from "./ready";
import { toState } from "./state";

export async function read(state: ContainerState, task: Task): Promise<ContainerState | undefined> {
  const reached = await reachOrSkip(state.connection, state, task, `what is recorded of "${state.name}" is kept`);
  if (!reached) return state;
  const { docker, host } = reached;
  const container = await findContainer(docker, state.name, state.containerId);
  const labels = container?.Config.Labels;
  if (!container || !belongsTo(state.owner, state.adoptedIds, { id: container.Id, labels })) return undefined;
  // Only a container that took the place of ours has anything to compare with its image.
  const isKnown = container.Id === state.containerId;
  const found = isKnown ? { container, image: undefined } : await findImage(docker, container);
  const moved = isKnown ? await movedImage(docker, state, task) : undefined;
  const name = container.Name.slice(1);
  const reachable = await isReachable(state, container, task);
  // So that the next `up` waits again, and says what is wrong.
  const isWaitedFor = state.wait === true && state.start !== false;
  return toState({
    place: { host, docker, apiVersion: await docker.engine.apiVersion() },
    inputs: {
      ...withoutOutputs(state),
      ...inputsFound(state, found),
      ...(moved ? { image: moved } : {}),
      ...(isWaitedFor && !isReady(container, state) ? { wait: false } : {}),
      name,
      reachable,
    },
    container,
    discarded: state.discardedLimits ?? [],
  });
}

/** What may be absent from the outputs of today. */
function withoutOutputs(state: ContainerState): ContainerState {
  const { health, exitCode, imageDigest, discardedLimits, adoptedIds, ...rest } = state;
  return rest;
}
