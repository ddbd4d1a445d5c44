import { type Address, containsAddress, parseAddress, parseCidr } from "../../net/ip";
import type { HostPlan, MacvlanNetworkInputs } from "./inputs";

/**
 * Which addresses containers of a host may have: those of its block, and those that nobody is given. An address out of
 * another's block, or out of one that is yet to be handed out, may come to be somebody else's.
 */
export function mayKeep({ plan, ipamConfigs }: MacvlanNetworkInputs, id: string): (address: string) => boolean {
  const shared = ipamConfigs.map(({ subnet, ipRange }) => ipRange ?? subnet);
  return (text) => {
    const address = parseAddress(text);
    if (address === undefined) return false;
    if (isIn(rangesOf(plan[id]!), address)) return true;
    return !isIn([...shared, ...Object.values(plan).flatMap(rangesOf)], address);
  };
}

function rangesOf({ ipRange, ipv6Range }: HostPlan): string[] {
  return [ipRange, ...(ipv6Range === undefined ? [] : [ipv6Range])];
}

function isIn(ranges: readonly string[], address: Address): boolean {
  return ranges.some((range) => containsAddress(parseCidr(range)!, address));
}
