import type { Connection } from "../../ssh/connection";
import { hostId } from "../../ssh/hostId";
import { isUnknown, UNKNOWN } from "../../unknown";
import type { Failures } from "./failures";

/**
 * The id of a connection's host, for properties that are to be seen: a connection is secret as a whole. In a preview it
 * may not be known yet.
 */
export function visibleHost(connection: unknown): string {
  const { host, port } = (connection ?? {}) as Partial<Connection>;
  if (typeof host !== "string" || isUnknown(host) || isUnknown(port)) return UNKNOWN;
  return hostId({ host, port });
}

export function visibleHosts(connections: unknown): string[] {
  return Array.isArray(connections) ? connections.map(visibleHost) : (UNKNOWN as unknown as string[]);
}

/** Two entries for one host would be made twice there. */
export function checkDistinctHosts(hosts: unknown, at: (index: number) => string, failures: Failures): void {
  if (!Array.isArray(hosts)) return;
  hosts.forEach((host, i) => {
    const first = hosts.indexOf(host);
    if (isUnknown(host) || first === i) return;
    failures.expected(at(i), `to be another host than \`${at(first)}\``, host);
  });
}

/** The connection of a host, by its id. */
export function connectionTo(host: string, connections: readonly Connection[]): Connection {
  const found = connections.find((connection) => hostId(connection) === host);
  if (!found) throw new Error(`no connection to ${host} among the inputs`);
  return found;
}
