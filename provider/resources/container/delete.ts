import type { Task } from "../../lifecycle";
import { removeContainer } from "../shared/ownedContainer";
import { reachOrSkip } from "../shared/reachable";
import type { ContainerState } from "./inputs";

export async function remove(state: ContainerState, task: Task): Promise<void> {
  const { connection, name, owner, adoptedIds, destroyGraceSeconds, stopTimeout, removeVolumes } = state;
  const reached = await reachOrSkip(connection, state, task, `the container "${name}" stays there`);
  if (!reached) return;
  const graceSeconds = destroyGraceSeconds ?? stopTimeout ?? 0;
  await task.run
    .engineGate(connection)
    .shared(() => removeContainer(reached.docker, name, owner, { graceSeconds, volumes: removeVolumes, adoptedIds }));
}
