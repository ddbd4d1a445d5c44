import { isSince } from "../../docker/version";
import { CrosshostError } from "../../errors";
import type { ContainerInputs } from "./inputs";
import { optionEntries } from "./options";

/** Refuses, before anything is touched, what the host's engine is too old for: it would leave it out without a word. */
export function requireNeeds(inputs: ContainerInputs, apiVersion: string): void {
  const missing = optionEntries
    .flatMap(([name, { needs }]) => (inputs[name] === undefined ? [] : (needs?.(inputs[name]) ?? [])))
    .filter(({ api }) => !isSince(apiVersion, api));
  if (missing.length === 0) return;
  const what = missing.map(({ property, docker }) => `\`${property}\` needs Docker ${docker}`).join(", ");
  throw new CrosshostError(`host ${inputs.host}: ${what}; its engine speaks API ${apiVersion}`, {
    code: "unsupported",
  });
}
