import type { Container } from "../../docker/containerTypes";
import type { Task } from "../../lifecycle";
import type { EnsuredContainer } from "../shared/ownedContainer";
import type { ContainerInputs, ContainerState } from "./inputs";
import { type OptionName, optionEntries } from "./options";
import { changeablePayload } from "./payload";
import type { Place } from "./place";
import { isSame } from "./readBack";

/**
 * Brings what the engine can change in a container, its limits and when it restarts, to what is wanted; returns those
 * that it discards: it has no means to keep them, says so once, and they are not asked for again.
 */
export async function reconcileLimits(
  { docker }: Place,
  { container, isNew }: EnsuredContainer,
  inputs: ContainerInputs,
  olds: ContainerState | undefined,
  task: Task,
): Promise<OptionName[]> {
  const differing = differingLimits(container, inputs);
  // What was asked for when it was made, and is not there, the engine has discarded then.
  if (isNew) return differing;
  const known = (olds?.discardedLimits ?? []).filter((name) => isSame(olds?.[name], inputs[name]));
  if (differing.every((name) => known.includes(name))) return known;
  const { Warnings } = await docker.containers.update(container.Id, changeablePayload(inputs));
  for (const warning of Warnings ?? []) {
    task.run.progress(inputs.host, `warning: container "${inputs.name}": ${warning}`);
  }
  return differingLimits(await docker.containers.inspect(container.Id), inputs);
}

/** Those that are asked for; one that is no longer can only be taken away with the container. */
function differingLimits(container: Container, inputs: ContainerInputs): OptionName[] {
  return optionEntries
    .filter(([name, { write, read, onChange }]) => {
      const wanted = inputs[name];
      if (!write || !read || onChange === "replace") return false;
      // The number of retries is part of the restart policy, which is always asked for.
      if (wanted === undefined && name !== "maxRetryCount") return false;
      return !isSame(read({ container, image: undefined }, wanted as never), wanted);
    })
    .map(([name]) => name);
}
