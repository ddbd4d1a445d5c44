import type { Task } from "../../lifecycle";
import { type Leaving, removeContainer } from "../shared/ownedContainer";
import { reachOrSkip } from "../shared/reachable";
import type { ContainerInputs, ContainerState } from "./inputs";

export async function remove(state: ContainerState, task: Task): Promise<void> {
  const { connection, name, owner, adoptedIds, containerId } = state;
  const reached = await reachOrSkip(connection, state, task, `the container "${name}" stays there`);
  if (!reached) return;
  const removal = { ...leaving(state), adoptedIds, knownId: containerId };
  await task.run.engineGate(connection).shared(() => removeContainer(reached.docker, name, owner, removal));
}

/** How it goes, also where it is only to be made anew. */
export function leaving({ destroyGraceSeconds, stopTimeout, removeVolumes = true }: ContainerInputs): Leaving {
  return { graceSeconds: destroyGraceSeconds ?? stopTimeout ?? 0, volumes: removeVolumes };
}
