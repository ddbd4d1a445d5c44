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

/** Reads `/proc/net/tcp`. */
export function isListening(procNetTcp: string, address: string, port: number): boolean {
  const local = `${inProcNetTcp(address)}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return procNetTcp.split("\n").some((line) => {
    const [, localAddress, , state] = line.trim().split(/\s+/);
    return localAddress === local && state === LISTEN;
  });
}

/** An address as `/proc/net/tcp` has it: its bytes in reverse, in hexadecimal. Source: proc(5). */
export function inProcNetTcp(address: string): string {
  const bytes = address.split(".").reverse();
  return bytes.map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, "0")).join("");
}
