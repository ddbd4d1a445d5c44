import {
  type Address,
  type Cidr,
  containsAddress,
  containsCidr,
  firstAddress,
  formatCidr,
  isSame,
  lastAddress,
  overlap,
  parseAddress,
  parseCidr,
  size,
} from "../../net/ip";
import { hasUnknown, isUnknown } from "../../unknown";
import type { Failures } from "./failures";
import type { IpamConfig } from "./schema";

/** What the schema cannot see: that addresses lie where they must and that subnets keep clear of each other. */
export function checkIpamConfigs(configs: unknown, failures: Failures): void {
  if (!Array.isArray(configs)) return;
  const subnets = subnetsOf(configs);
  configs.forEach((config: Partial<IpamConfig> | undefined, i) => {
    const subnet = subnets[i];
    if (!subnet || !config) return;
    const at = `ipamConfigs[${i}]`;
    checkAddress(`${at}.gateway`, config.gateway, subnet, failures);
    const ipRange = known(config.ipRange, parseCidr);
    if (ipRange && !containsCidr(subnet, ipRange)) {
      failures.expected(`${at}.ipRange`, `to lie in the subnet ${formatCidr(subnet)}`, config.ipRange);
    }
    for (const [name, address] of Object.entries(config.auxAddress ?? {})) {
      const property = `${at}.auxAddress.${name}`;
      checkAddress(property, address, subnet, failures);
      if (address === config.gateway) failures.expected(property, "to be another address than the gateway", address);
    }
    const other = subnets.slice(0, i).findIndex((earlier) => earlier && overlap(earlier, subnet));
    if (other >= 0) {
      failures.expected(`${at}.subnet`, `not to overlap \`ipamConfigs[${other}].subnet\``, config.subnet);
    }
  });
}

/** A network with fewer addresses than hosts is a mistake, even before it is known what joins it. */
export function checkRoom(configs: unknown, hosts: unknown, failures: Failures): void {
  if (!Array.isArray(configs) || !Array.isArray(hosts) || hasUnknown(configs)) return;
  const subnets = subnetsOf(configs);
  if (subnets.length === 0 || subnets.some((subnet) => !subnet)) return;
  const room = configs.map((config, i) => roomIn(config, subnets[i]!)).reduce((sum, one) => sum + one, 0n);
  if (room >= hosts.length) return;
  failures.expected(
    "ipamConfigs",
    `to have an address for a container on each of the ${hosts.length} hosts, beside the gateway's; there is room for ${room}`,
  );
}

/** The subnets of configs, in their order; undefined for one that is not known, or none. */
export function subnetsOf(configs: unknown): (Cidr | undefined)[] {
  if (!Array.isArray(configs)) return [];
  return configs.map((config: Partial<IpamConfig> | undefined) => known(config?.subnet, parseCidr));
}

/** How many containers get an address: the gateway has one even where none is given. */
function roomIn({ gateway, ipRange, auxAddress = {} }: IpamConfig, subnet: Cidr): bigint {
  const pool = (ipRange === undefined ? undefined : parseCidr(ipRange)) ?? subnet;
  const taken = [gateway, ...Object.values(auxAddress)].map((text) => known(text, parseAddress));
  const inPool = taken.filter((address) => address !== undefined && containsAddress(pool, address)).length;
  const ends = [firstAddress(subnet), lastAddress(subnet)].filter((end) => containsAddress(pool, end)).length;
  const ownGateway = gateway === undefined ? 1 : 0;
  const room = size(pool) - BigInt(ends + inPool + ownGateway);
  return room < 0n ? 0n : room;
}

function checkAddress(property: string, text: unknown, subnet: Cidr, failures: Failures): void {
  const address = known(text, parseAddress);
  if (address === undefined) return;
  if (!containsAddress(subnet, address)) {
    failures.expected(property, `to lie in the subnet ${formatCidr(subnet)}`, text);
  } else if (isNetworkOrBroadcast(subnet, address)) {
    failures.expected(property, "not to be the network's own or its broadcast address", text);
  }
}

/** IPv6 has no such addresses. */
function isNetworkOrBroadcast(subnet: Cidr, address: Address): boolean {
  if (subnet.family === 6 || subnet.prefix >= 31) return false;
  return isSame(address, firstAddress(subnet)) || isSame(address, lastAddress(subnet));
}

function known<T>(text: unknown, parse: (text: string) => T | undefined): T | undefined {
  return typeof text === "string" && !isUnknown(text) ? parse(text) : undefined;
}
