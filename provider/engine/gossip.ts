import type { Host } from "../ssh/host";

/** The port of the engines' gossip about endpoints. Source: moby's overlay driver, `drivers/overlay/ov_serf.go`. */
const GOSSIP_PORT = 7946;
const LISTEN = "0A";

/**
 * Whether the engine on `host` has joined the gossip on `address`. It listens there only from then on, and an endpoint
 * attached earlier is announced to nobody, for good.
 */
export async function hasJoinedGossip(host: Host, address: string): Promise<boolean> {
  const { stdout } = await host.run(["cat", "/proc/net/tcp"]);
  return isListening(stdout, address, GOSSIP_PORT);
}

/** Reads `/proc/net/tcp`, where an address is a little-endian number in hexadecimal. Source: proc(5). */
export function isListening(procNetTcp: string, address: string, port: number): boolean {
  const hex = (value: number, width: number) => value.toString(16).toUpperCase().padStart(width, "0");
  const reversed = address.split(".").reverse();
  const local = `${reversed.map((byte) => hex(Number(byte), 2)).join("")}:${hex(port, 4)}`;
  return procNetTcp.split("\n").some((line) => {
    const [, localAddress, , state] = line.trim().split(/\s+/);
    return localAddress === local && state === LISTEN;
  });
}
