import { createHash } from "node:crypto";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect, createSecureContext, type SecureContext } from "node:tls";
import { CrosshostError } from "../errors";

/** How a store is spoken to over TLS, each as PEM text. Servers and those who ask them show each other certificates. */
export interface StoreTls {
  /** Whose certificates are trusted, of servers and of clients. */
  ca: string;
  /** Our own certificate, with those between it and the CA behind it. */
  cert: string;
  /** The certificate's private key. Secret. */
  key: string;
}

/** Tells certificates from those before them. What is secret is not in it: a new key comes with a new certificate. */
export function certificateId({ ca, cert }: StoreTls): string {
  return createHash("sha256").update(`${ca}\n${cert}`).digest("hex").slice(0, 12);
}

/** TLS over a stream to `server`, whose certificate has to be for that name or address. */
export async function encrypt(stream: Duplex, server: string, tls: StoreTls): Promise<Duplex> {
  const secureContext = contextOf(stream, tls);
  return new Promise((resolve, reject) => {
    // An address is no name to ask a server for. Source: RFC 6066, section 3.
    const servername = isIP(server) ? {} : { servername: server };
    const fail = (error: Error) => {
      stream.destroy();
      reject(new Error(`no TLS with it: ${error.message}`, { cause: error }));
    };
    const socket = connect({ socket: stream, host: server, ...servername, secureContext });
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      socket.off("error", fail);
      resolve(socket);
    });
    stream.once("close", () => fail(new Error("it hung up")));
  });
}

/** Files that are no certificates and no key will not become any. */
function contextOf(stream: Duplex, { ca, cert, key }: StoreTls): SecureContext {
  try {
    return createSecureContext({ ca, cert, key });
  } catch (error) {
    stream.destroy();
    const message = `the certificates for the store cannot be used: ${(error as Error).message}`;
    throw new CrosshostError(message, { code: "unsupported", cause: error });
  }
}
