import { isDeepStrictEqual } from "node:util";
import { attachmentsFound } from "./attachments";
import type { ContainerInputs, ContainerState } from "./inputs";
import { optionEntries } from "./options";
import type { Found } from "./options/option";

/**
 * The inputs as the container has them now. Of the very container that state knows only that is asked which the engine
 * can change in it; of one that took its place, everything that shows.
 */
export function inputsFound(state: ContainerState, found: Found): Partial<ContainerInputs> {
  const isSame = found.container.Id === state.containerId;
  const there = optionEntries
    .filter(([, { read, onChange }]) => read && !(isSame && onChange === "replace"))
    .map(([name, option]) => [name, option.read!(found, state[name])] as const)
    .filter(([name, value]) => !isDeepStrictEqual(value, state[name]));
  return { ...Object.fromEntries(there), networksAdvanced: attachmentsFound(state, found.container) };
}
