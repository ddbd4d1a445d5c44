import type { Network } from "../../docker/types";
import { isSame, parseAddress, parseCidr } from "../../net/ip";
import type { HostPlan } from "./inputs";

/** In what a host's network is not as its plan, the worst first; undefined where it is. */
export function planDrift(plan: HostPlan, { Options, IPAM }: Network): string | undefined {
  const configs = IPAM.Config ?? [];
  if (Options?.parent !== plan.parent) return `its parent is ${Options?.parent ?? "none"}`;
  const ranges = configs.map(({ IPRange }) => IPRange).filter((range) => range !== undefined);
  const missing = [plan.ipRange, plan.ipv6Range].find(
    (range) => range && !ranges.some((there) => isRange(range, there)),
  );
  if (missing) return ranges.length > 0 ? `its range is ${ranges.join(" and ")}` : "it has no range of its own";
  const reserved = configs.flatMap(({ AuxiliaryAddresses }) => Object.values(AuxiliaryAddresses ?? {}));
  const free = Object.values(plan.auxAddress ?? {}).find((address) => !reserved.some((there) => isIt(address, there)));
  return free === undefined ? undefined : `it does not keep ${free} from containers`;
}

function isRange(planned: string, there: string): boolean {
  const [one, other] = [parseCidr(planned)!, parseCidr(there)];
  return one.family === other?.family && one.base === other.base && one.prefix === other.prefix;
}

function isIt(planned: string, there: string): boolean {
  const other = parseAddress(there);
  return other !== undefined && isSame(parseAddress(planned)!, other);
}
