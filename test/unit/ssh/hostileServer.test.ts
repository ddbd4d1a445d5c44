import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeError } from "../../../provider/errors";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";
import { clientKey, hostKey, SshServer, soon } from "./sshServer";

describe("what answers at a host's port and is no good SSH server", () => {
  let server: Server;
  let sockets: Socket[];
  let pool: ConnectionPool;

  beforeEach(() => {
    sockets = [];
    pool = new ConnectionPool();
  });
  afterEach(async () => {
    await pool.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Dials a server that does `greet` with every connection; the attempt may take a second. */
  async function failure(greet: (socket: Socket) => void): Promise<{ message: string; milliseconds: number }> {
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
      greet(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const login = { host: "127.0.0.1", port, user: "root", privateKey: clientKey.private, hostKey: hostKey.public };
    const began = performance.now();
    const error = await pool.host({ ...login, dialErrorLimit: 1, perDialTimeout: 1 }, new Deadline(5_000)).then(
      () => "it was reached",
      (error) => error,
    );
    return {
      message: describeError(error).replaceAll(String(port), "PORT"),
      milliseconds: performance.now() - began,
    };
  }

  const hint = "(is the host up, and can this machine reach it?)";

  it("and says nothing is given up in time", async () => {
    const { message, milliseconds } = await failure(() => undefined);
    assert.equal(message, `host 127.0.0.1: cannot connect to port PORT: no SSH handshake in 1 s ${hint}`);
    assert.ok(milliseconds < 2_000, `${milliseconds} ms`);
  });

  it("and drips a greeting is given up in time", async () => {
    const { message, milliseconds } = await failure((socket) => {
      const timer = setInterval(() => socket.write("x"), 50);
      socket.on("close", () => clearInterval(timer));
    });
    assert.match(message, /^host 127\.0\.0\.1: /);
    assert.ok(milliseconds < 2_000, `${milliseconds} ms`);
  });

  it("and speaks another protocol is named", async () => {
    const { message } = await failure((socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
    assert.match(message, /^host 127\.0\.0\.1: /);
  });

  it("and floods us fills no memory", async () => {
    const before = process.memoryUsage().rss;
    const chunk = Buffer.alloc(64 * 1024, "\n");
    const { message, milliseconds } = await failure((socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on("drain", pour);
      pour();
    });
    assert.match(message, /^host 127\.0\.0\.1: /);
    const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
    assert.ok(grown < 200, `${grown} MB`);
    assert.ok(milliseconds < 3_000, `${milliseconds} ms`);
  });

  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`and goes on with nonsense after a good greeting is given up: ${seed}`, async () => {
      const bytes = Buffer.from(Array.from({ length: 4096 }, (_, i) => (seed * 7919 + i * i * 31 + (i >> 3)) % 256));
      const { message, milliseconds } = await failure((socket) => {
        socket.write("SSH-2.0-OpenSSH_9.2\r\n");
        socket.write(bytes);
      });
      assert.match(message, /^host 127\.0\.0\.1: /);
      assert.ok(milliseconds < 2_000, `${milliseconds} ms`);
    });
  }
});

describe("a command that prints without end", () => {
  it("is cut off, and the host can be used again", async () => {
    const server = await SshServer.start();
    const pool = new ConnectionPool();
    const host = await pool.host(server.connection(), soon());
    await assert.rejects(host.run(["yes"]), {
      code: "command-failed",
      message: /yes: printed more than can be taken$/,
    });
    assert.equal((await host.run(["echo", "here"])).stdout, "here\n");
    await pool.close();
    await server.stop();
  });
});

describe("a command that does not end", () => {
  it("is given up after its time, and the host can be used again", async () => {
    const server = await SshServer.start();
    const pool = new ConnectionPool();
    const host = await pool.host(server.connection(), soon());
    await assert.rejects(host.run(["sleep", "5"], { limit: 100 }), {
      code: "timed-out",
      message: "host 127.0.0.1: sleep 5: has not ended in 0.1 s",
    });
    assert.equal((await host.run(["echo", "here"])).stdout, "here\n");
    await pool.close();
    await server.stop();
  });
});

describe("a host that never agrees that a command is over", () => {
  it("holds up neither that command's caller nor the next", async () => {
    const server = await SshServer.start();
    const pool = new ConnectionPool();
    const host = await pool.host(server.connection(), soon());
    server.closesSessions = false;
    const began = performance.now();
    const late = Array.from({ length: 8 }, () => host.run(["sleep", "1"], { limit: 100 }));
    for (const outcome of await Promise.allSettled(late)) {
      assert.equal(outcome.status, "rejected");
      assert.equal(outcome.reason.message, "host 127.0.0.1: sleep 1: has not ended in 0.1 s");
    }
    const seconds = (performance.now() - began) / 1000;
    assert.ok(seconds < 8, `${seconds} s`);
    server.closesSessions = true;
    assert.equal((await host.run(["echo", "here"])).stdout, "here\n");
    await pool.close();
    await server.stop();
  }).timeout(20_000);
});

describe("hostile words in a command", () => {
  it("are taken literally, whatever they are", async () => {
    const server = await SshServer.start();
    const pool = new ConnectionPool();
    const host = await pool.host(server.connection(), soon());
    const words = [
      "$(touch /tmp/crosshost-was-run)",
      "`touch /tmp/crosshost-was-run`",
      "; touch /tmp/crosshost-was-run #",
      "a\nb",
      'it\'s "quoted" \\ twice\\\\',
      "-rf",
      "--",
      "",
      "*",
      "~",
      "ünïcode ☃ \u{1f600}",
      "!history",
      "x".repeat(20_000),
    ];
    const { stdout } = await host.run(["printf", "%s\\0", ...words]);
    assert.deepEqual(stdout.split("\0").slice(0, -1), words);
    await pool.close();
    await server.stop();
  });

  it("are not run by a login shell that is none of POSIX, whose quotes may mean something else", async () => {
    const server = await SshServer.start();
    const pool = new ConnectionPool();
    const host = await pool.host(server.connection(), soon());
    // It runs what it is given, unless it begins with what fish and tcsh do not know.
    const folder = mkdtempSync(join(tmpdir(), "shell-"));
    server.loginShell = join(folder, "fish");
    const fish = `#!/bin/sh
case "$2" in
"case x in x) ;; esac; "*) echo "fish: 'case' builtin not inside of switch block" >&2; exit 127 ;;
esac
exec sh "$@"
`;
    writeFileSync(server.loginShell, fish, { mode: 0o755 });
    await assert.rejects(host.run(["echo", "\\'; touch /tmp/crosshost-was-run; '"]), {
      code: "no-permission",
      message: /: the host runs no commands for this user: fish: 'case' builtin not inside of switch block$/,
      hint: "the user's login shell must be one of POSIX (sh, bash, zsh, …) and run what it is given",
    });
    await pool.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it("that are longer than a server has to take are refused", async () => {
    const server = await SshServer.start();
    const pool = new ConnectionPool();
    const host = await pool.host(server.connection(), soon());
    await assert.rejects(host.run(["echo", "x".repeat(100_000)]), {
      message: /the command is too long: 100079 bytes, and at most 32000 are sent$/,
    });
    await pool.close();
    await server.stop();
  });
});
