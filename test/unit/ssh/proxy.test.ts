import assert from "node:assert/strict";
import { describeError } from "../../../provider/errors";
import type { Connection } from "../../../provider/ssh/connection";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { SshServer, soon, strangersKey } from "./sshServer";

describe("a host behind a proxy", () => {
  let proxy: SshServer;
  let inner: SshServer;
  let pool: ConnectionPool;

  beforeEach(async () => {
    [proxy, inner] = await Promise.all([SshServer.start(), SshServer.start()]);
    pool = new ConnectionPool();
  });
  afterEach(async () => {
    await pool.close();
    await Promise.all([proxy.stop(), inner.stop()]);
  });

  const behind = (changed: Partial<Connection> = {}, proxyChanged: Partial<Connection> = {}) =>
    inner.connection({ proxy: proxy.connection(proxyChanged), ...changed });
  const failure = async (connection: Connection) =>
    describeError(
      await pool.host(connection, soon()).then(
        () => "it was reached",
        (error) => error,
      ),
    );

  it("is reached through it", async () => {
    const host = await pool.host(behind(), soon());
    assert.equal((await host.run(["echo", "inner"])).stdout, "inner\n");
    assert.deepEqual([proxy.handshakes, proxy.forwarded, inner.handshakes], [1, 1, 1]);
  });

  it("shares the connection to it with all others behind it, and with who uses it as a host", async () => {
    const other = await SshServer.start();
    await Promise.all([
      pool.host(behind(), soon()),
      pool.host(other.connection({ proxy: proxy.connection() }), soon()),
      pool.host(proxy.connection(), soon()),
    ]);
    assert.deepEqual([proxy.handshakes, proxy.forwarded], [1, 2]);
    await other.stop();
  });

  it("may be behind another in turn", async () => {
    const first = await SshServer.start();
    const host = await pool.host(behind({}, { proxy: first.connection() }), soon());
    assert.equal((await host.run(["echo", "deep"])).stdout, "deep\n");
    assert.deepEqual([first.forwarded, proxy.forwarded], [1, 1]);
    await first.stop();
  });

  it("is verified by its own key, and the proxy by the proxy's", async () => {
    assert.match(
      await failure(behind({}, { hostKey: strangersKey.public })),
      /^host 127\.0\.0\.1: WRONG HOST KEY: .* \(on the way to 127\.0\.0\.1\) \(someone may be in between/,
    );
    assert.equal(inner.handshakes, 0);
    assert.match(await failure(behind({ hostKey: strangersKey.public })), /^host 127\.0\.0\.1: WRONG HOST KEY/);
  });

  it("that refuses its port is said to be what it is", async () => {
    const { port } = inner;
    const connection = behind({ dialErrorLimit: 1 });
    await inner.stop();
    assert.match(
      await failure(connection),
      new RegExp(`^host 127.0.0.1: cannot connect to port ${port} through 127.0.0.1: `),
    );
    inner = await SshServer.start();
  });

  it("is dialled again through a new connection after the proxy's was lost", async () => {
    const host = await pool.host(behind(), soon());
    proxy.cut();
    await assert.rejects(host.run(["true"]), { code: "connection-lost" });
    const again = await pool.host(behind(), soon());
    assert.equal((await again.run(["echo", "again"])).stdout, "again\n");
    assert.equal(proxy.handshakes, 2);
  });
});
