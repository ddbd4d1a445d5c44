import { hostId } from "../../ssh/hostId";
import type { KVStoreInputs, KVStoreState, Server } from "./inputs";

/** A server that an update began to bring in; it may belong to the quorum already. */
const JOINING = "joining";
/** A server that an update began to let go. */
const LEAVING = "leaving";
/** A server of a store of which an update failed: no program wants that, so the next `up` looks at it again. */
const CHANGING = "changing";

/**
 * What is recorded of an update that failed on the way: what the servers were made from, and every server that may be
 * there, so that whatever is wanted next, also what was there before, starts from all of them. What concerns no server is
 * as it is wanted now: Pulumi keeps as a secret only what is one in the new inputs.
 */
export function halfChanged(olds: KVStoreState, news: KVStoreInputs): object {
  const { serverStates, onFoundData, image, port, tls, url, uiUrl } = olds;
  const before = olds.servers.map((server) => {
    if (!hasJoined(server)) return server;
    return { ...server, status: isAmong(news.servers, server) ? CHANGING : LEAVING };
  });
  const joining = news.servers
    .filter((server) => !isAmong(olds.servers, server))
    .map((server) => ({ ...server, status: JOINING }));
  const given = new Set(news.connections.map(hostId));
  return {
    ...news,
    ...{ serverStates, onFoundData, image, port, tls, url, uiUrl },
    connections: [...news.connections, ...olds.connections.filter((connection) => !given.has(hostId(connection)))],
    servers: [...before, ...joining],
  };
}

/** Whether a server has been one of the store's for good. */
export function hasJoined({ status }: Server): boolean {
  return status !== JOINING;
}

/** Whether the store is this server's, whatever became of an update. */
export function isSettled({ status }: Server): boolean {
  return status !== JOINING && status !== LEAVING;
}

/** Whether a server is one of these: one that never joined may have been begun with at another address of its host. */
export function isAmong(servers: readonly Server[], one: Server): boolean {
  return servers.some((server) => {
    const isSure = hasJoined(server) && hasJoined(one);
    return server.host === one.host && (isSure || server.address === one.address);
  });
}

/** The status that a look at a server's host gives: that it runs says nothing of what an update has done with it. */
export function statusFound(before: Server, found: string): string {
  if (!isSettled(before)) return before.status;
  return found === "running" && before.status === CHANGING ? CHANGING : found;
}
