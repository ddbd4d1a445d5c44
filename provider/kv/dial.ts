import type { Duplex } from "node:stream";
import type { Host } from "../ssh/host";
import { within } from "./within";

/** How long a connection may take: hosts of one cluster are near each other. */
const DIAL_LIMIT = 3_000;

/** A server of a store, and the host that it is reached from. */
export interface Way {
  host: Host;
  server: string;
  port: number;
}

/** A stream to the server. A firewall that drops packets would otherwise hold it up for minutes. */
export function dial({ host, server, port }: Way): Promise<Duplex> {
  const channel = host.openTcp(server, port);
  return within(DIAL_LIMIT, channel, () => {
    // What comes too late is nobody's any more.
    channel.then(
      (late) => late.destroy(),
      () => undefined,
    );
    return new Error(`no connection within ${DIAL_LIMIT / 1000} s`);
  });
}
