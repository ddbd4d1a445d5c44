import type { CheckResult } from "../../lifecycle";
import { MTU_OPTION, VXLAN_ID_OPTION } from "../../net/vxlan";
import type { RunContext } from "../../run/context";
import { checkSchema } from "../shared/check";
import type { Failures } from "../shared/failures";
import { checkDistinctHosts, visibleHosts } from "../shared/hosts";
import { checkIpamConfigs, checkRoom } from "../shared/ipam";
import { checkOthersSubnets } from "../shared/othersSubnets";
import { type OverlayNetworkInputs, schema } from "./inputs";
import { refuse, withoutRefused } from "./refused";

export function check(news: Record<string, unknown>, run: RunContext): CheckResult<OverlayNetworkInputs> {
  const { inputs, failures } = checkSchema<OverlayNetworkInputs>(schema, withoutRefused(news));
  refuse(news, failures);
  checkIpamConfigs(inputs.ipamConfigs, failures);
  checkSaidOnce(inputs, failures);
  const hosts = visibleHosts(inputs.connections);
  checkDistinctHosts(hosts, (i) => `connections[${i}]`, failures);
  checkRoom(inputs.ipamConfigs, hosts, failures);
  checkOthersSubnets(inputs, hosts, run, failures);
  return { inputs: { ...inputs, hosts }, failures: failures.list };
}

/** What has a property of its own is not to stand among the driver's options, too. */
function checkSaidOnce({ options, mtu, vxlanId }: Partial<OverlayNetworkInputs>, failures: Failures): void {
  const twice = [
    ["mtu", mtu, MTU_OPTION],
    ["vxlanId", vxlanId, VXLAN_ID_OPTION],
  ] as const;
  for (const [property, value, option] of twice) {
    if (value === undefined || options?.[option] === undefined) continue;
    failures.expected(property, `to be left out, or \`options["${option}"]\`: both say the same`, value);
  }
}
