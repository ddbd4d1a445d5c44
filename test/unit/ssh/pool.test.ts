import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describeError } from "../../../provider/errors";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";
import { SshServer, soon } from "./sshServer";
import { TestClock } from "./testClock";

const portOfNobody = async () => {
  const server = await SshServer.start();
  const { port } = server;
  await server.stop();
  return port;
};

describe("ConnectionPool", () => {
  let server: SshServer;
  const pools: ConnectionPool[] = [];
  const newPool = (...options: ConstructorParameters<typeof ConnectionPool>) => {
    const pool = new ConnectionPool(...options);
    pools.push(pool);
    return pool;
  };

  beforeEach(async () => {
    server = await SshServer.start();
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
    await server.stop();
  });

  it("makes one handshake for all who ask at once, and later", async () => {
    const pool = newPool();
    const hosts = await Promise.all(Array.from({ length: 20 }, () => pool.host(server.connection(), soon())));
    hosts.push(await pool.host(server.connection({ dialErrorLimit: 7, perDialTimeout: 1 }), soon()));
    assert.equal(new Set(hosts).size, 1);
    assert.equal(server.handshakes, 1);
  });

  it("makes another for another user", async () => {
    const pool = newPool();
    await pool.host(server.connection(), soon());
    await pool.host(server.connection({ user: "other" }), soon());
    assert.equal(server.handshakes, 2);
  });

  it("dials again after a connection was lost", async () => {
    const pool = newPool();
    const first = await pool.host(server.connection(), soon());
    server.cut();
    await assert.rejects(first.run(["true"]), { code: "connection-lost" });
    const second = await pool.host(server.connection(), soon());
    assert.equal((await second.run(["echo", "here"])).stdout, "here\n");
    assert.equal(server.handshakes, 2);
  });

  it("waits for a host that is not up yet, and says so once", async () => {
    const port = await portOfNobody();
    const lines: string[] = [];
    const pool = newPool({ log: (line) => lines.push(line) });
    const waiting = pool.host(server.connection({ port, dialErrorLimit: -1 }), soon());
    await new Promise((resolve) => setTimeout(resolve, 400));
    const late = await SshServer.start(port);
    assert.equal((await (await waiting).run(["echo", "up"])).stdout, "up\n");
    assert.deepEqual(lines, [`host 127.0.0.1: cannot connect to port ${port}: connection refused; trying again`]);
    await late.stop();
  });

  it("gives up after dialErrorLimit failures, saying how often it tried", async () => {
    const clock = new TestClock();
    const connection = server.connection({ port: await portOfNobody(), dialErrorLimit: 4 });
    await assert.rejects(newPool({ clock }).host(connection, new Deadline(60_000, clock)), (error) => {
      const { port } = connection;
      assert.equal(
        describeError(error),
        `host 127.0.0.1: cannot connect to port ${port}: connection refused (tried 4 times in ${Math.max(1, Math.round(clock.now() / 1000))} s) (is sshd running there, and is \`connection.port\` right?)`,
      );
      return true;
    });
    assert.equal(clock.sleeps.length, 3);
  });

  it("gives up at the deadline", async () => {
    const clock = new TestClock();
    const connection = server.connection({ port: await portOfNobody(), dialErrorLimit: -1 });
    await assert.rejects(newPool({ clock }).host(connection, new Deadline(20_000, clock)), { code: "refused" });
    assert.ok(clock.now() <= 20_000 && clock.now() > 10_000, String(clock.now()));
  });

  it("gives the failure of a dead host to all who ask within seconds, then tries anew", async () => {
    const clock = new TestClock();
    let dials = 0;
    const dial = async () => {
      dials++;
      throw new Error("dead");
    };
    const pool = newPool({ clock, dial });
    const ask = () => assert.rejects(pool.host(server.connection(), new Deadline(60_000, clock)), /dead/);
    await Promise.all([ask(), ask(), ask()]);
    await ask();
    assert.equal(dials, 1);
    await clock.sleep(6_000);
    await ask();
    assert.equal(dials, 2);
  });

  it("does not try a name again that does not exist", async () => {
    await assert.rejects(
      newPool().host(server.connection({ host: "no-such-host.invalid", port: 22 }), soon()),
      (error) => {
        assert.match(
          describeError(error),
          /^host no-such-host.invalid: cannot connect to port 22: (no such host name|the name service)/,
        );
        return true;
      },
    );
  });

  it("gives one try no longer than perDialTimeout", async () => {
    // Accepts and says nothing, as a host that hangs.
    const silent = createServer((socket) => socket.resume().on("error", () => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const connection = server.connection({ port, perDialTimeout: 0.1, dialErrorLimit: 1 });
    await assert.rejects(newPool().host(connection, soon()), {
      code: "timed-out",
      message: `host 127.0.0.1: cannot connect to port ${port}: no SSH handshake in 1 s`,
    });
    await new Promise((resolve) => silent.close(resolve));
  });

  it("lets a caller with little time go while another waits on", async () => {
    const port = await portOfNobody();
    const pool = newPool();
    const connection = server.connection({ port, dialErrorLimit: -1 });
    const hurried = pool.host(connection, new Deadline(300));
    const patient = pool.host(connection, soon());
    await assert.rejects(hurried, { code: "timed-out" });
    const late = await SshServer.start(port);
    await patient;
    await late.stop();
  });
});
