import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from "node:net";
import { createServer } from "node:tls";
import { dial } from "../../../provider/kv/dial";
import { HttpApi } from "../../../provider/kv/httpApi";
import type { StoreTls } from "../../../provider/kv/tls";
import { Authority } from "../../helpers/certificates";
import { FakeHost } from "../../helpers/fakeHost";

describe("a store over TLS", () => {
  let authority: Authority;
  let tls: StoreTls;
  let server: Server;
  const ended: (() => void)[] = [];

  before(async () => {
    authority = await Authority.create();
    tls = await authority.issue(["IP:10.77.0.1"]);
  });
  after(() => authority.remove());
  afterEach(() => {
    server.close();
    for (const end of ended.splice(0)) end();
  });

  /** The way to a server that asks for certificates of the authority, or to what is given. */
  async function wayTo(given?: Server, name = "10.77.0.1") {
    const { ca, cert, key } = tls;
    const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    server =
      given ??
      createServer({ ca, cert, key, requestCert: true }, (socket) => {
        socket.on("error", () => undefined);
        socket.on("data", () => socket.write(answer));
      }).on("tlsClientError", () => undefined);
    server.on("connection", (socket) => ended.push(() => socket.destroy()));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const host = new FakeHost({}, "10.77.0.9", "root", () => {
      const socket = connect(port, "127.0.0.1");
      ended.push(() => socket.destroy());
      return socket.on("error", () => undefined);
    });
    return { host, server: name, port: 8500 };
  }

  it("is asked with a certificate of ours, as often as needed over one connection", async () => {
    const api = new HttpApi({ ...(await wayTo()), tls });
    assert.deepEqual(await api.json("GET", "/"), {});
    assert.deepEqual(await api.json("GET", "/"), {});
    assert.equal(await new Promise((resolve) => server.getConnections((_, count) => resolve(count))), 1);
    api.agent.destroy();
  });

  it("is refused when its certificate is for another address", async () => {
    const way = await wayTo(undefined, "10.77.0.2");
    await assert.rejects(dial({ ...way, tls }), /^Error: no TLS with it: .*IP: 10\.77\.0\.2 is not in the cert's list/);
  });

  it("is refused when another authority has signed it", async () => {
    const other = await Authority.create();
    const way = await wayTo();
    await assert.rejects(dial({ ...way, tls: await other.issue(["IP:10.77.0.1"]) }), /no TLS with it: /);
    await other.remove();
  });

  it("that speaks plainly is told from one that does not answer", async () => {
    const plain = createTcpServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const way = await wayTo(plain);
    await assert.rejects(dial({ ...way, tls }), /no TLS with it: .*(wrong version number|packet length too long)/);
  });

  it("that hangs in the middle is given up, and its connection closed", async () => {
    const silent = createTcpServer((socket) => socket.on("error", () => undefined).resume());
    const way = await wayTo(silent);
    const closed = once(silent, "connection").then(([socket]) => once(socket, "close"));
    await assert.rejects(dial({ ...way, tls }), /no connection within 3 s/);
    await closed;
  });
});
