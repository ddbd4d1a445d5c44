import { isDeepStrictEqual } from "node:util";
import { attachmentsFound } from "./attachments";
import type { ContainerInputs, ContainerState } from "./inputs";
import { optionEntries } from "./options";
import { given } from "./options/fields";
import type { Found } from "./options/option";

/** Whether an option is on the host what the program wants, both in the normal form. */
export function isSame(found: unknown, wanted: unknown): boolean {
  return isDeepStrictEqual(given(found), given(wanted));
}

/**
 * The inputs as the container has them now. Of the very container that state knows only that is asked which the engine
 * can change in it; of one that took its place, everything that shows. Limits that the engine discards cannot change.
 */
export function inputsFound(state: ContainerState, found: Found): Partial<ContainerInputs> {
  const isKnown = found.container.Id === state.containerId;
  const differing = optionEntries
    .filter(([name, { read, onChange, leftToEngine }]) => {
      if (!read || (isKnown && onChange === "replace") || state.discardedLimits?.includes(name)) return false;
      return !(leftToEngine && state[name] === undefined);
    })
    .map(([name, option]) => [name, option.read!(found, state[name])] as const)
    .filter(([name, value]) => !isSame(value, state[name]));
  return { ...Object.fromEntries(differing), networksAdvanced: attachmentsFound(state, found.container) };
}
