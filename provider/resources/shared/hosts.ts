import type { Connection } from "../../ssh/connection";
import { hostId } from "../../ssh/hostId";
import { isUnknown } from "../../unknown";
import type { Failures } from "./failures";

/** Two entries for one host would be made twice there. */
export function checkDistinctHosts(hosts: unknown, property: string, failures: Failures): void {
  if (!Array.isArray(hosts)) return;
  hosts.forEach((host, i) => {
    if (isUnknown(host) || host === undefined) return;
    const first = hosts.indexOf(host);
    if (first !== i) failures.expected(`${property}[${i}]`, `to be another host than \`${property}[${first}]\``, host);
  });
}

/** The connection of a host, by its id. */
export function connectionTo(host: string, connections: readonly Connection[]): Connection {
  const found = connections.find((connection) => hostId(connection) === host);
  if (!found) throw new Error(`no connection to ${host} among the inputs`);
  return found;
}
