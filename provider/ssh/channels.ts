import type { Duplex } from "node:stream";
import { CrosshostError } from "../errors";
import { isProhibited } from "./dialFailure";
import type { Link } from "./link";

/** `Host.openSocket`; what the host refuses is `refused`, whatever its cause: sshd tells no more. */
export function openSocket(link: Link, path: string): Promise<Duplex> {
  const attempt = `open the socket ${path}`;
  return link.openChannel<Duplex>(
    attempt,
    (done) => link.client.openssh_forwardOutStreamLocal(path, done),
    (channel) => channel,
    (reason, cause) => refused(link, attempt, reason, cause, "AllowStreamLocalForwarding"),
  );
}

/** `Host.openTcp` */
export function openTcp(link: Link, host: string, port: number): Promise<Duplex> {
  const attempt = `connect from there to ${host}:${port}`;
  return link.openChannel<Duplex>(
    attempt,
    (done) => link.client.forwardOut("127.0.0.1", 0, host, port, done),
    (channel) => channel,
    (reason, cause) => refused(link, attempt, reason, cause, "AllowTcpForwarding"),
  );
}

function refused(link: Link, attempt: string, reason: string, cause: Error, setting: string): CrosshostError {
  return new CrosshostError(`host ${link.address}: cannot ${attempt}: ${reason}`, {
    code: "refused",
    hint: isProhibited(cause) ? `sshd's ${setting} must be yes on the host` : undefined,
    cause,
  });
}
