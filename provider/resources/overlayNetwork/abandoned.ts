import type { NetworkOnHost } from "../shared/network";

/**
 * The names of endpoints that the store has, but none of these hosts: they are of hosts that could not be reached, whose
 * containers would keep the network for ever. Every engine shows the endpoints of others as `ep-<id>`.
 */
export function abandonedEndpoints(views: readonly NetworkOnHost[]): string[] {
  const local = new Set<string>();
  const remote = new Map<string, string>();
  for (const { network } of views) {
    for (const [id, { EndpointID, Name }] of Object.entries(network.Containers ?? {})) {
      if (id.startsWith("ep-")) remote.set(EndpointID, Name);
      else local.add(EndpointID);
    }
  }
  return [...remote].filter(([endpoint]) => !local.has(endpoint)).map(([, name]) => name);
}
