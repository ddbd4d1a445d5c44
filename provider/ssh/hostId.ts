import { isIPv6 } from "node:net";

/**
 * A host's name in ids, plans and messages: its address, with the port where that is not 22: `10.77.0.1`,
 * `10.77.0.1:2222`, `[fe80::1]:2222`.
 */
export function hostId({ host, port }: { host: string; port?: number }): string {
  if (port === undefined || port === 22) return host;
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
