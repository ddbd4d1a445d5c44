import assert from "node:assert/strict";
import type { Host } from "../../../provider/ssh/host";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { SshServer, soon } from "./sshServer";

describe("a command on a host", () => {
  let server: SshServer;
  let pool: ConnectionPool;
  let host: Host;

  before(async () => {
    server = await SshServer.start();
    pool = new ConnectionPool();
  });
  beforeEach(async () => {
    host = await pool.host(server.connection(), soon());
  });
  after(async () => {
    await pool.close();
    await server.stop();
  });

  it("gets its arguments as they are", async () => {
    assert.deepEqual(await host.run(["printf", "%s|", "a b", "$HOME", "it's", ""]), {
      stdout: "a b|$HOME|it's||",
      stderr: "",
      exitCode: 0,
    });
  });

  it("gets its input, then its end", async () => {
    assert.equal((await host.run(["cat"], { input: "zwölf\n".repeat(100_000) })).stdout, "zwölf\n".repeat(100_000));
    assert.equal((await host.run(["wc", "-c"])).stdout.trim(), "0");
  });

  it("speaks English", async () => {
    assert.equal((await host.run(["sh", "-c", "echo $LC_ALL"])).stdout, "C\n");
  });

  it("fails with the last thing it said", () =>
    assert.rejects(host.run(["sh", "-c", "echo first >&2; echo the end >&2; exit 3"]), {
      code: "command-failed",
      message: `host 127.0.0.1: sh -c 'echo first >&2; echo the end >&2; exit 3': exit code 3: the end`,
    }));

  it("may end with an exit code that is an answer", async () => {
    assert.equal((await host.run(["test", "-e", "/nowhere"], { allowedExitCodes: [0, 1] })).exitCode, 1);
  });

  it("fails when it is killed", () =>
    assert.rejects(host.run(["sh", "-c", "kill -9 $PPID"]), {
      code: "command-failed",
      message: "host 127.0.0.1: sh -c 'kill -9 $PPID': killed by signal SIGKILL",
    }));

  it("is named in an error on one line that is not too long", () =>
    assert.rejects(host.run(["sh", "-c", `exit 1\n${"# ".repeat(200)}`]), (error: Error) => {
      assert.ok(error.message.length < 200 && !error.message.includes("\n"), error.message);
      return true;
    }));

  it("waits while eight others run", async () => {
    server.mostRunning = 0;
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, i) => host.run(["sh", "-c", `sleep 0.05; echo ${i}`])),
    );
    assert.deepEqual(
      results.map(({ stdout }) => stdout),
      Array.from({ length: 30 }, (_, i) => `${i}\n`),
    );
    assert.equal(server.mostRunning, 8);
  });

  it("is started once the host has a session for it", async () => {
    server.refusing = 5;
    assert.equal((await host.run(["echo", "now"])).stdout, "now\n");
  });

  it("fails when the host never has a session for it", async () => {
    server.refusing = Number.POSITIVE_INFINITY;
    await assert.rejects(host.run(["true"]), {
      code: "command-failed",
      message: /^host 127.0.0.1: true: the host opens no session: Channel open failure/,
    });
    server.refusing = 0;
  }).timeout(5_000);

  it("cannot have an argument that no command can have", () =>
    assert.rejects(host.run(["echo", "a\0b"]), /NUL character/));

  it("is cut off when the connection is lost, as are those that wait", async () => {
    const running = Array.from({ length: 10 }, () => host.run(["sleep", "5"]));
    const outcomes = Promise.allSettled(running);
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.cut();
    for (const outcome of await outcomes) {
      assert.equal(outcome.status, "rejected");
      assert.equal(outcome.reason.code, "connection-lost");
      assert.match(outcome.reason.message, /^host 127.0.0.1: sleep 5: the SSH connection was lost/);
    }
  });

  describe("that goes on", () => {
    it("tells line by line, and ends when its input does", async () => {
      const running = await host.start(["sh", "-c", "echo one; echo two; cat >/dev/null; echo bye"]);
      assert.deepEqual([await running.nextLine(), await running.nextLine()], ["one", "two"]);
      assert.deepEqual(await running.finish(), { stdout: "one\ntwo\nbye\n", stderr: "", exitCode: 0 });
    });

    it("fails when it ends before it tells anything", async () => {
      const running = await host.start(["sh", "-c", "echo why >&2; exit 4"]);
      await assert.rejects(running.nextLine(), {
        code: "command-failed",
        message: "host 127.0.0.1: sh -c 'echo why >&2; exit 4': ended with exit code 4 before it printed a line: why",
      });
      await assert.rejects(running.finish(), { message: /exit code 4: why$/ });
    });

    it("holds one of the eight places until it ends", async () => {
      const eight = await Promise.all(Array.from({ length: 8 }, () => host.start(["cat"])));
      let ran = false;
      const ninth = host.run(["true"]).then(() => {
        ran = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(ran, false);
      await Promise.all(eight.map((running) => running.finish()));
      await ninth;
    });
  });
});
