import { isDeepStrictEqual } from "node:util";
import type { DiffResult } from "../../lifecycle";
import { own } from "../../own";
import { hasUnknown, isUnknown } from "../../unknown";
import { diffByTable } from "../shared/options";
import { type HostPlan, type MacvlanNetworkInputs, type MacvlanNetworkState, options } from "./inputs";

/**
 * Hosts come and go in place. A host that stays and gets another parent, range or reserved address needs its network
 * made anew, and with it, in order, the containers on it: a replacement.
 */
export function diff(olds: MacvlanNetworkState, news: MacvlanNetworkInputs): DiffResult {
  const result = diffByTable(options, withDefaults(olds), news);
  const replaces = [...result.replaces];
  if (!hasUnknown(news.ipamConfigs) && !isDeepStrictEqual(lanOf(olds), lanOf(news))) replaces.push("ipamConfigs");
  if (!isUnknown(news.plan) && Object.entries(news.plan).some(([host, plan]) => isMoved(own(olds.plan, host), plan))) {
    replaces.push("plan");
  }
  return { changes: result.changes, replaces };
}

/** State of versions before these properties. */
function withDefaults(olds: MacvlanNetworkState): MacvlanNetworkState {
  const mode = { mode: "bridge", internal: false, hostAccess: false, otherSubnet: false, adopt: false };
  return olds.mode === undefined ? { ...mode, ...olds } : olds;
}

/** What every host's network has in common. */
function lanOf({ ipamConfigs }: MacvlanNetworkInputs) {
  return ipamConfigs.map(({ subnet, gateway }) => [subnet, gateway]);
}

function isMoved(old: HostPlan | undefined, now: HostPlan): boolean {
  if (old === undefined || hasUnknown(now)) return false;
  const { drift, ...recorded } = old;
  return !isDeepStrictEqual(recorded, now);
}
