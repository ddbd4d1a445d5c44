import type { CheckResult } from "../../lifecycle";
import { hasUnknown, isUnknown } from "../../unknown";
import { checkSchema } from "../shared/check";
import type { Failures } from "../shared/failures";
import { visibleHost } from "../shared/hosts";
import { type ContainerInputs, schema } from "./inputs";
import { isWithoutEndpoints } from "./options/networks";

export function check(news: Record<string, unknown>): CheckResult<ContainerInputs> {
  const { inputs, failures } = checkSchema<ContainerInputs>(schema, news);
  if (Array.isArray(inputs.networksAdvanced)) {
    const names = inputs.networksAdvanced.map((entry) => entry?.name);
    names.forEach((name, i) => {
      if (name === undefined || isUnknown(name) || names.indexOf(name) === i) return;
      failures.expected(`networksAdvanced[${i}].name`, "to be a network that is not in the list yet", name);
    });
  }
  checkNetworkMode(inputs, failures);
  return { inputs: { ...inputs, host: visibleHost(inputs.connection) }, failures: failures.list };
}

/** A container that has no sandbox of its own cannot join networks, and one that joins some is made on one of them. */
function checkNetworkMode({ networkMode, networksAdvanced }: ContainerInputs, failures: Failures): void {
  if (networkMode === undefined || hasUnknown([networkMode, networksAdvanced]) || !Array.isArray(networksAdvanced))
    return;
  if (networksAdvanced.length === 0 || networksAdvanced.some((entry) => entry?.name === networkMode)) return;
  failures.expected(
    "networkMode",
    isWithoutEndpoints(networkMode)
      ? "to be left out where `networksAdvanced` has networks to join"
      : "to be one of the networks in `networksAdvanced`",
    networkMode,
  );
}
