import type { Duplex } from "node:stream";
import type { Host } from "../ssh/host";
import { encrypt, type StoreTls } from "./tls";
import { within } from "./within";

/** How long a connection may take: hosts of one cluster are near each other. */
const DIAL_LIMIT = 3_000;

/** A server of a store, the host that it is reached from, and how. */
export interface Way {
  host: Host;
  server: string;
  port: number;
  /** Plainly, where it is not given. */
  tls?: StoreTls;
}

/** A stream to the server. A firewall that drops packets would otherwise hold it up for minutes. */
export function dial({ host, server, port, tls }: Way): Promise<Duplex> {
  const channel = host.openTcp(server, port);
  const stream = tls ? channel.then((plain) => encrypt(plain, server, tls)) : channel;
  return within(DIAL_LIMIT, stream, () => {
    // What comes too late is nobody's any more.
    channel.then(
      (late) => late.destroy(),
      () => undefined,
    );
    return new Error(`no connection within ${DIAL_LIMIT / 1000} s`);
  });
}
