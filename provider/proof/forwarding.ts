import { forwarding, redirection } from "./scripts";
import type { Endpoint, Member } from "./survey";

/** What a network's namespace on one host knows of the endpoints of others. */
export interface Forwarding {
  /** MAC address by IPv4 address. */
  neighbours: Map<string, string>;
  /** The other host's address by MAC address, and the VXLAN that the entry is of. */
  destinations: Map<string, { host: string; device: string }>;
}

/** Undefined where the host has no namespace of the network: no container has joined it there. */
export async function forwardingOn({ host }: Member, networkId: string): Promise<Forwarding | undefined> {
  const script = { name: "read a network's forwarding entries", text: forwarding, args: [networkId.slice(0, 10)] };
  const { stdout } = await host.run(script);
  return stdout.trim() === "" ? undefined : parseForwarding(stdout);
}

/** Reads `ip -4 neigh show` and `bridge fdb show`, one after the other. */
export function parseForwarding(text: string): Forwarding {
  const neighbours = [...text.matchAll(/^([\d.]+) dev vxlan\S* lladdr (\S+)/gm)];
  const destinations = [...text.matchAll(/^(\S+) dev (vxlan\S*) dst ([\d.]+)/gm)];
  return {
    neighbours: new Map(neighbours.map(([, address, mac]) => [address!, mac!.toLowerCase()])),
    destinations: new Map(
      destinations.map(([, mac, device, host]) => [mac!.toLowerCase(), { host: host!, device: device! }]),
    ),
  };
}

/** What is wrong with the entries for an endpoint, in words; undefined where packets for it go to its host. */
export function wrongEntries(
  known: Forwarding | undefined,
  { address, macAddress }: Pick<Endpoint, "address" | "macAddress">,
  /** The address that the endpoint's engine advertises. */
  tunnel: string,
): string | undefined {
  if (!known) return "has no namespace of the network";
  const mac = known.neighbours.get(address);
  if (mac === undefined) return `knows no neighbour ${address}`;
  if (mac !== macAddress.toLowerCase()) return `takes ${address} for ${mac} instead of ${macAddress}`;
  const destination = known.destinations.get(mac)?.host;
  if (destination === undefined) return `knows no host that has ${mac}`;
  return destination === tunnel ? undefined : `sends packets for ${address} to ${destination} instead of ${tunnel}`;
}

/** The VXLAN whose entry for an endpoint leads to another host than its own; undefined where it does not. */
export function astray(
  known: Forwarding | undefined,
  { macAddress }: Pick<Endpoint, "macAddress">,
  tunnel: string,
): string | undefined {
  const destination = known?.destinations.get(macAddress.toLowerCase());
  return destination && destination.host !== tunnel ? destination.device : undefined;
}

/** Has packets for an endpoint sent to its host from another one. */
export async function redirect(
  { host }: Member,
  networkId: string,
  { device, macAddress, tunnel }: { device: string; macAddress: string; tunnel: string },
): Promise<void> {
  const args = [networkId.slice(0, 10), device, macAddress, tunnel];
  await host.run({ name: "put a forwarding entry right", text: redirection, args });
}
