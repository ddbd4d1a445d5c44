import type { CheckResult } from "../../lifecycle";
import type { RunContext } from "../../run/context";
import { checkSchema } from "../shared/check";
import { visibleHost } from "../shared/hosts";
import { checkFixedAddresses } from "./fixedAddresses";
import { type ContainerInputs, schema } from "./inputs";
import { refusedOptions } from "./options/refused";
import { rules } from "./rules";
import { withSourceHashes } from "./sourceHash";

export function check(news: Record<string, unknown>, run: RunContext): CheckResult<ContainerInputs> {
  const refused = Object.keys(refusedOptions).filter((name) => news[name] !== undefined);
  const given = Object.fromEntries(Object.entries(news).filter(([name]) => !refused.includes(name)));
  const { inputs, failures } = checkSchema<ContainerInputs>(schema, given);
  for (const name of refused) failures.say(name, `Expected \`${name}\` to be left out: ${refusedOptions[name]}`);
  for (const rule of rules) rule(inputs, failures);
  const host = visibleHost(inputs.connection);
  checkFixedAddresses(inputs, host, run, failures);
  // One that is not started does not run; whether it has to is not asked.
  const mustRun = inputs.start === false ? false : inputs.mustRun;
  const uploads = Array.isArray(inputs.uploads) ? { uploads: withSourceHashes(inputs.uploads) } : {};
  return { inputs: { ...inputs, ...uploads, mustRun, host, reachable: true }, failures: failures.list };
}
