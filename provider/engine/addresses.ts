import { CrosshostError } from "../errors";
import type { Host } from "../ssh/host";

export interface InterfaceAddress {
  interface: string;
  /** Of either family. */
  address: string;
  prefix: number;
}

/** The host's IPv4 addresses, in the kernel's order: an engine takes an interface's first. */
export async function hostAddresses(host: Host): Promise<InterfaceAddress[]> {
  const { stdout } = await host.run(["ip", "-4", "-o", "addr", "show"]);
  return parseAddresses(stdout);
}

/** Reads `ip -o addr show`: `2: eth0    inet 10.77.0.1/24 brd … scope global eth0\       valid_lft …`. */
export function parseAddresses(output: string): InterfaceAddress[] {
  return [...output.matchAll(/^\d+:\s+(\S+)\s+inet6?\s+([\da-f.:]+)(?:\s+peer\s+[\da-f.:]+)?\/(\d+)/gm)].map(
    ([, name, address, prefix]) => ({ interface: name!, address: address!, prefix: Number(prefix) }),
  );
}

/** The first IPv4 address of an interface; fails, naming the ones there are, where there is none. */
export function addressOf(host: Host, addresses: readonly InterfaceAddress[], name: string, property: string): string {
  const found = addresses.find((entry) => entry.interface === name);
  if (found) return found.address;
  const others = addresses.map((entry) => `${entry.interface} (${entry.address})`).join(", ");
  throw new CrosshostError(
    `host ${host.address}: ${property} names the interface ${name}, which does not exist or has no IPv4 address`,
    { code: "unsupported", hint: `interfaces with one: ${others}` },
  );
}
