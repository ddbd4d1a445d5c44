import type { CheckResult } from "../../lifecycle";
import { isUnknown } from "../../unknown";
import { checkSchema } from "../shared/check";
import { visibleHost } from "../shared/hosts";
import { type ContainerInputs, schema } from "./inputs";

export function check(news: Record<string, unknown>): CheckResult<ContainerInputs> {
  const { inputs, failures } = checkSchema<ContainerInputs>(schema, news);
  if (Array.isArray(inputs.networksAdvanced)) {
    const names = inputs.networksAdvanced.map((entry) => entry?.name);
    names.forEach((name, i) => {
      if (name === undefined || isUnknown(name) || names.indexOf(name) === i) return;
      failures.expected(`networksAdvanced[${i}].name`, "to be a network that is not in the list yet", name);
    });
  }
  return { inputs: { ...inputs, host: visibleHost(inputs.connection) }, failures: failures.list };
}
