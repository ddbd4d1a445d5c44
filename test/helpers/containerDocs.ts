import type { ContainerOption } from "../../provider/resources/container/options/option";

const WORDS = {
  replace: "replaces",
  update: "in place",
  record: "touches nothing",
  ignore: "ignored",
} as const;

/** What docs/container.md says a change of an option does. */
export function describeChange({ onChange }: Pick<ContainerOption<unknown>, "onChange">): string {
  if (typeof onChange !== "function") return WORDS[onChange];
  const [changed, takenAway] = [onChange(1, 2), onChange(1, undefined)];
  return `${WORDS[changed]}; taken away: ${WORDS[takenAway]}`;
}
