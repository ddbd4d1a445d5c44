import { forwarding } from "./scripts";
import type { Endpoint, Member } from "./survey";

/** What a network's namespace on one host knows of the endpoints of others. */
export interface Forwarding {
  /** MAC address by IPv4 address, and the VXLAN that the entry is of. */
  neighbours: Map<string, { mac: string; device: string }>;
  /** The other host's address by MAC address, and the VXLAN that the entry is of. */
  destinations: Map<string, { host: string; device: string }>;
}

type Addresses = Pick<Endpoint, "address" | "macAddress">;

/** Undefined where the host has no namespace of the network: no container has joined it there. */
export async function forwardingOn({ host }: Pick<Member, "host">, networkId: string): Promise<Forwarding | undefined> {
  const script = { name: "read a network's forwarding entries", text: forwarding, args: [networkId] };
  const { stdout } = await host.run(script);
  return stdout.trim() === "" ? undefined : parseForwarding(stdout);
}

/** Reads `ip -4 neigh show` and `bridge fdb show`, one after the other. */
export function parseForwarding(text: string): Forwarding {
  const neighbours = [...text.matchAll(/^([\d.]+) dev (vxlan\S*) lladdr (\S+)/gm)];
  const destinations = [...text.matchAll(/^(\S+) dev (vxlan\S*) dst ([\d.]+)/gm)];
  return {
    neighbours: new Map(
      neighbours.map(([, address, device, mac]) => [address!, { mac: mac!.toLowerCase(), device: device! }]),
    ),
    destinations: new Map(
      destinations.map(([, mac, device, host]) => [mac!.toLowerCase(), { host: host!, device: device! }]),
    ),
  };
}

/** What is wrong with the entries for an endpoint, in words; undefined where packets for it go to its host. */
export function wrongEntries(
  known: Forwarding | undefined,
  { address, macAddress }: Addresses,
  /** The address that the endpoint's engine advertises. */
  tunnel: string,
): string | undefined {
  if (!known) return "has no namespace of the network";
  const mac = known.neighbours.get(address)?.mac;
  if (mac === undefined) return `knows no neighbour ${address}`;
  if (mac !== macAddress.toLowerCase()) return `takes ${address} for ${mac} instead of ${macAddress}`;
  const destination = known.destinations.get(mac)?.host;
  if (destination === undefined) return `knows no host that has ${mac}`;
  return destination === tunnel ? undefined : `sends packets for ${address} to ${destination} instead of ${tunnel}`;
}

/** What a host knows of an endpoint of its own, for which its VXLAN must know no other place; undefined where it is right. */
export function wrongOwnEntries(known: Forwarding | undefined, { address, macAddress }: Addresses): string | undefined {
  const destination = known?.destinations.get(macAddress.toLowerCase());
  if (destination) return `sends packets for ${address}, which it has itself, to ${destination.host}`;
  return known?.neighbours.has(address) ? `looks for ${address}, which it has itself, on other hosts` : undefined;
}

/**
 * The VXLAN that has an entry for an endpoint that leads elsewhere: to another host than its own, where `tunnel` is undefined
 * to any, or to another MAC address.
 */
export function astray(
  known: Forwarding | undefined,
  { address, macAddress }: Addresses,
  tunnel: string | undefined,
): string | undefined {
  const mac = macAddress.toLowerCase();
  const destination = known?.destinations.get(mac);
  if (destination && destination.host !== tunnel) return destination.device;
  const neighbour = known?.neighbours.get(address);
  return neighbour && (neighbour.mac !== mac || tunnel === undefined) ? neighbour.device : undefined;
}

/**
 * The VXLAN to which an entry for an endpoint can be added: one that knows others of its subnet. A namespace that knows nobody
 * would not learn of the next endpoint either.
 */
export function extensible(
  known: Forwarding | undefined,
  { subnet }: Pick<Endpoint, "subnet">,
  others: readonly (Addresses & Pick<Endpoint, "subnet">)[],
): string | undefined {
  const right = others.find((other) => {
    const mac = known?.neighbours.get(other.address)?.mac;
    return other.subnet === subnet && mac === other.macAddress.toLowerCase() && known?.destinations.has(mac);
  });
  return right && known?.neighbours.get(right.address)?.device;
}
