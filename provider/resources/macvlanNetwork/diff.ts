import { isDeepStrictEqual } from "node:util";
import type { DiffResult } from "../../lifecycle";
import { hasUnknown } from "../../unknown";
import { diffByTable } from "../shared/options";
import { type MacvlanNetworkInputs, type MacvlanNetworkState, options } from "./inputs";

/**
 * Hosts come and go in place. A host that stays and gets another parent or range needs its network made anew, and with
 * it, in order, the containers on it: a replacement.
 */
export function diff(olds: MacvlanNetworkState, news: MacvlanNetworkInputs): DiffResult {
  const result = diffByTable(options, olds, news);
  if (hasUnknown(news.plan)) return result;
  const isMoved = Object.entries(news.plan).some(
    ([host, plan]) => olds.plan[host] !== undefined && !isDeepStrictEqual(olds.plan[host], plan),
  );
  return isMoved ? { changes: true, replaces: [...result.replaces, "plan"] } : result;
}
