import type { CheckResult } from "../../lifecycle";
import { checkSchema } from "../shared/check";
import { checkDistinctHosts, visibleHosts } from "../shared/hosts";
import { checkIpamConfigs } from "../shared/ipam";
import { type OverlayNetworkInputs, schema } from "./inputs";

export function check(news: Record<string, unknown>): CheckResult<OverlayNetworkInputs> {
  const { inputs, failures } = checkSchema<OverlayNetworkInputs>(schema, news);
  checkIpamConfigs(inputs.ipamConfigs, failures);
  const hosts = visibleHosts(inputs.connections);
  checkDistinctHosts(hosts, (i) => `connections[${i}]`, failures);
  return { inputs: { ...inputs, hosts }, failures: failures.list };
}
