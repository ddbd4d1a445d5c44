import { type Cidr, formatCidr } from "../net/ip";
import type { Host } from "../ssh/host";

/** Where a host sends packets for a network, as its main routing table says. */
export interface Route {
  interface: string;
  destination: Cidr;
}

/** The host's IPv4 routes, its default route left out. */
export async function hostRoutes(host: Host): Promise<Route[]> {
  return parseRoutes((await host.run(["cat", "/proc/net/route"])).stdout);
}

/** Reads `/proc/net/route`, where addresses and masks are little-endian numbers in hexadecimal. Source: proc(5). */
export function parseRoutes(text: string): Route[] {
  const rows = text.trim().split("\n").slice(1);
  return rows.flatMap((row) => {
    const [name, destination, , , , , , mask] = row.trim().split(/\s+/);
    if (name === undefined || destination === undefined || mask === undefined) return [];
    const prefix = fromHex(mask).toString(2).replaceAll("0", "").length;
    return prefix === 0
      ? []
      : [{ interface: name, destination: { family: 4, base: BigInt(fromHex(destination)), prefix } }];
  });
}

export function describeRoute({ interface: name, destination }: Route): string {
  return `${formatCidr(destination)} (${name})`;
}

function fromHex(littleEndian: string): number {
  return Buffer.from(littleEndian, "hex").readUInt32LE();
}
