import type { CheckResult } from "../../lifecycle";
import { checkSchema } from "../shared/check";
import { visibleHost } from "../shared/hosts";
import { type ContainerInputs, schema } from "./inputs";
import { refusedOptions } from "./options/refused";
import { rules } from "./rules";

export function check(news: Record<string, unknown>): CheckResult<ContainerInputs> {
  const refused = Object.keys(refusedOptions).filter((name) => news[name] !== undefined);
  const given = Object.fromEntries(Object.entries(news).filter(([name]) => !refused.includes(name)));
  const { inputs, failures } = checkSchema<ContainerInputs>(schema, given);
  for (const name of refused) failures.say(name, `Expected \`${name}\` to be left out: ${refusedOptions[name]}`);
  for (const rule of rules) rule(inputs, failures);
  // One that is not started does not run; whether it has to is not asked.
  const mustRun = inputs.start === false ? false : inputs.mustRun;
  const host = visibleHost(inputs.connection);
  return { inputs: { ...inputs, mustRun, host, reachable: true }, failures: failures.list };
}
