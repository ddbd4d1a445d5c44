import type { DiffResult } from "../../lifecycle";
import { isUnknown } from "../../unknown";
import { diffByTable } from "../shared/options";
import { isSettled } from "./halfChanged";
import { isMade, type KVStoreInputs, options } from "./inputs";

/**
 * By the table, but for which servers there are: they come and go in place while one that has the data stays; what is
 * between a store that is made and one that is there, or has no server in common, is another store.
 */
export function diff(olds: KVStoreInputs, news: KVStoreInputs): DiffResult {
  const { changes, replaces } = diffByTable(options, olds, news);
  if (!changes) return { changes, replaces };
  const isOther = !replaces.includes("servers") && !hasContinuity(olds, news);
  // A quorum of which some speak plainly and some do not is none.
  const isEncrypted = isMade(olds) && isMade(news) && (olds.tls === undefined) !== (news.tls === undefined);
  return { changes, replaces: [...replaces, ...(isOther ? ["servers"] : []), ...(isEncrypted ? ["tls"] : [])] };
}

function hasContinuity({ servers: before }: KVStoreInputs, { servers: after }: KVStoreInputs): boolean {
  if (!Array.isArray(before) || !Array.isArray(after) || after.some(isUnknown)) return true;
  if (before.length === 0 || after.length === 0) return before.length === after.length;
  const addresses = new Map(before.filter(isSettled).map(({ host, address }) => [host, address]));
  const stays = after.filter(({ host }) => addresses.has(host));
  if (after.some(({ host, address }) => isUnknown(host) || isUnknown(address))) return true;
  // A server that moves to another address of its host would have to leave and to come at once.
  return stays.length > 0 && stays.every(({ host, address }) => addresses.get(host) === address);
}
