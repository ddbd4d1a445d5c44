import type { Host } from "../ssh/host";

export interface Listener {
  /** An IPv4 address; "0.0.0.0" for every address, of IPv6 too. */
  address: string;
  port: number;
}

/** What listens for TCP on the host. */
export async function listeners(host: Host): Promise<Listener[]> {
  // A host without IPv6 has no second file.
  const { stdout } = await host.run(["cat", "/proc/net/tcp", "/proc/net/tcp6"], { allowedExitCodes: [0, 1] });
  return parseListeners(stdout);
}

const LISTEN = "0A";

/** Reads `/proc/net/tcp` and `tcp6`, where an address is little-endian words in hexadecimal. Source: proc(5). */
export function parseListeners(text: string): Listener[] {
  return text.split("\n").flatMap((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [, hex, port] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local) ?? [];
    if (state !== LISTEN || hex === undefined || port === undefined) return [];
    const address = addressOf(hex);
    return address === undefined ? [] : [{ address, port: Number.parseInt(port, 16) }];
  });
}

/** Of the IPv6 addresses, only those under which an IPv4 one is taken. */
function addressOf(hex: string): string | undefined {
  if (/^0+$/.test(hex)) return "0.0.0.0";
  const word = hex.length === 8 ? hex : /^0{16}FFFF0000([0-9A-F]{8})$/.exec(hex)?.[1];
  return word
    ?.match(/../g)
    ?.reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join(".");
}
