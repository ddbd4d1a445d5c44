import type { CheckResult } from "../../lifecycle";
import { checkSchema } from "../shared/check";
import { checkDistinctHosts } from "../shared/hosts";
import { checkIpamConfigs } from "../shared/ipam";
import { type OverlayNetworkInputs, schema } from "./inputs";

export function check(news: Record<string, unknown>): CheckResult<OverlayNetworkInputs> {
  const { inputs, failures } = checkSchema<OverlayNetworkInputs>(schema, news, ["owner", "hosts"]);
  checkIpamConfigs(inputs.ipamConfigs, failures);
  checkDistinctHosts(inputs.hosts, "connections", failures);
  return { inputs, failures: failures.list };
}
