import { hostId } from "../../ssh/hostId";
import type { KVStoreInputs, KVStoreState, Server } from "./inputs";

/** A server that an update began to bring in; it may belong to the quorum already. */
const JOINING = "joining";
/** A server of a store of which an update failed: no program wants that, so the next `up` looks at it again. */
const CHANGING = "changing";

/**
 * What is recorded of an update that failed on the way: what the store was, and besides every server that may have come
 * to be, so that whatever is wanted next, also what was there before, starts from all of them.
 */
export function halfChanged(olds: KVStoreState, news: KVStoreInputs): object {
  const before = olds.servers.map((server) => (hasJoined(server) ? { ...server, status: CHANGING } : server));
  const joining = news.servers
    .filter(({ host }) => !before.some((server) => server.host === host))
    .map((server) => ({ ...server, status: JOINING }));
  const given = new Set(news.connections.map(hostId));
  const { keepDataOnDelete, forceDestroy, timeouts, skipUnreachableHosts } = news;
  return {
    ...olds,
    ...{ keepDataOnDelete, forceDestroy, timeouts, skipUnreachableHosts },
    connections: [...news.connections, ...olds.connections.filter((connection) => !given.has(hostId(connection)))],
    servers: [...before, ...joining],
  };
}

export function hasJoined({ status }: Server): boolean {
  return status !== JOINING;
}

/** The status that a look at a server's host gives: that it runs says nothing of what an update has done with it. */
export function statusFound(before: Server, found: string): string {
  if (!hasJoined(before)) return before.status;
  return found === "running" && before.status === CHANGING ? CHANGING : found;
}
