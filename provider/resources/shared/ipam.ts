import {
  type Cidr,
  containsAddress,
  containsCidr,
  formatCidr,
  overlap,
  parseAddress,
  parseCidr,
  size,
} from "../../net/ipv4";
import { isUnknown } from "../../unknown";
import type { Failures } from "./failures";
import type { IpamConfig } from "./schema";

/** What the schema cannot see: that addresses lie where they must and that subnets keep clear of each other. */
export function checkIpamConfigs(configs: unknown, failures: Failures): void {
  if (!Array.isArray(configs)) return;
  const subnets: Cidr[] = [];
  configs.forEach((config: Partial<IpamConfig> | undefined, i) => {
    const subnet = known(config?.subnet, parseCidr);
    if (!subnet || !config) return;
    const at = `ipamConfigs[${i}]`;
    const inSubnet = `to lie in the subnet ${formatCidr(subnet)}`;

    const gateway = known(config.gateway, parseAddress);
    if (gateway !== undefined && !containsAddress(subnet, gateway)) {
      failures.expected(`${at}.gateway`, inSubnet, config.gateway);
    } else if (gateway !== undefined && isNetworkOrBroadcast(subnet, gateway)) {
      failures.expected(`${at}.gateway`, "not to be the network's own or its broadcast address", config.gateway);
    }
    const ipRange = known(config.ipRange, parseCidr);
    if (ipRange && !containsCidr(subnet, ipRange)) failures.expected(`${at}.ipRange`, inSubnet, config.ipRange);

    const other = subnets.findIndex((earlier) => overlap(earlier, subnet));
    if (other >= 0) {
      failures.expected(`${at}.subnet`, `not to overlap \`ipamConfigs[${other}].subnet\``, config.subnet);
    }
    subnets.push(subnet);
  });
}

function isNetworkOrBroadcast(subnet: Cidr, address: number): boolean {
  return subnet.prefix < 31 && (address === subnet.base || address === subnet.base + size(subnet) - 1);
}

function known<T>(text: unknown, parse: (text: string) => T | undefined): T | undefined {
  return typeof text === "string" && !isUnknown(text) ? parse(text) : undefined;
}
