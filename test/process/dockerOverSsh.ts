import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Connection, Server, utils } from "ssh2";

const keys = utils.generateKeyPairSync("ed25519");

/** What the engine answers a request, `GET /containers/web1/json` without the API's version: a status and a body. */
export type Answering = (request: string) => { status: number; body: unknown };

/** A host with sshd and a Docker engine behind it, in this process: the engine says what the test tells it to. */
export async function dockerOverSsh(answering: Answering) {
  const asked: string[] = [];
  const engine = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url!.replace(/^\/v[\d.]+/, "").replace(/\?.*/, "");
    request.resume();
    asked.push(`${request.method} ${path}`);
    const { status, body } = path === "/version" ? { status: 200, body: version } : answering(asked.at(-1)!);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  const peers = new Set<Connection>();
  const server = new Server({ hostKeys: [keys.private] }, (peer) => {
    peers.add(peer);
    peer.on("authentication", (context) => context.accept());
    peer.on("error", () => peer.end());
    peer.on("openssh.streamlocal", (accept) => engine.emit("connection", accept()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    asked,
    connection: {
      host: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      hostKey: keys.public,
      password: "x",
    },
    stop: async () => {
      for (const peer of peers) peer.end();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const version = {
  Version: "20.10.5",
  ApiVersion: "1.41",
  MinAPIVersion: "1.12",
  Os: "linux",
  Arch: "amd64",
  KernelVersion: "5",
};
