import { isDeepStrictEqual } from "node:util";
import { aliasesOf } from "./endpoints";
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
  return { ...Object.fromEntries(there), networksAdvanced: attachmentsOf(state, found) };
}

/** In the program's order, then those it does not know. */
function attachmentsOf({ networksAdvanced }: ContainerInputs, { container }: Found) {
  const there = container.NetworkSettings.Networks;
  const known = networksAdvanced.filter(({ name }) => there[name]);
  const unknown = Object.keys(there).filter((name) => !networksAdvanced.some((attachment) => attachment.name === name));
  const onDefaultOnly = networksAdvanced.length === 0 && unknown.join() === "bridge";
  return [
    ...known.map(({ name, ipv4Address }) => ({
      name,
      aliases: aliasesOf(container, there[name]!),
      ...(ipv4Address === undefined ? {} : { ipv4Address: there[name]!.IPAMConfig?.IPv4Address ?? "" }),
    })),
    ...(onDefaultOnly ? [] : unknown.map((name) => ({ name, aliases: aliasesOf(container, there[name]!) }))),
  ];
}
