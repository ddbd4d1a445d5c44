import assert from "node:assert/strict";
import type { Lab } from "../../../lab";
import type { Host } from "../../../provider/ssh/host";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";
import { connectionTo, startLab, tearDown } from "./lab";

const soon = () => new Deadline(30_000);

describe("a real host with OpenSSH", function () {
  this.timeout(120_000);
  let lab: Lab;
  let pool: ConnectionPool;
  let host: Host;

  before(async () => {
    lab = await startLab();
    pool = new ConnectionPool();
    host = await pool.host(connectionTo(lab), soon());
  });
  after(async () => {
    await pool.close();
    await tearDown(lab);
  });

  const logins = async () => {
    // What sshd has told is read by the journal in its own time.
    await host.run(["journalctl", "--sync"]);
    const { stdout } = await host.run(["journalctl", "--unit=ssh", "--output=cat"]);
    return stdout.split("\n").filter((line) => line.startsWith("Accepted")).length;
  };

  it("is logged in to once by all who ask", async () => {
    const before = await logins();
    await Promise.all(Array.from({ length: 20 }, () => pool.host(connectionTo(lab), soon())));
    assert.equal(await logins(), before);
    const another = new ConnectionPool();
    await Promise.all(Array.from({ length: 20 }, () => another.host(connectionTo(lab), soon())));
    await another.close();
    assert.equal(await logins(), before + 1);
  });

  it("takes sixteen logins at once, by as many users of it", async () => {
    const pools = Array.from({ length: 16 }, () => new ConnectionPool());
    await Promise.all(pools.map((pool) => pool.host(connectionTo(lab), soon())));
    await Promise.all(pools.map((pool) => pool.close()));
  });

  it("runs three hundred short commands at once, in spite of its limit of sessions", async () => {
    const texts = Array.from({ length: 300 }, (_, i) => `it's ${i} $HOME`);
    const results = await Promise.all(texts.map((text) => host.run(["echo", text])));
    assert.deepEqual(
      results.map(({ stdout }) => stdout),
      texts.map((text) => `${text}\n`),
    );
  });

  it("tells the signal that killed a command", () =>
    assert.rejects(host.run(["sh", "-c", "kill -9 $$"]), {
      code: "command-failed",
      message: /killed by signal SIGKILL$/,
    }));

  it("keeps a file's mode, owner and bytes when it is written again", async () => {
    const path = "/etc/crosshost test/it's.conf";
    await host.run(["mkdir", "-p", "/etc/crosshost test"]);
    await host.writeFile(path, "old");
    assert.deepEqual({ ...(await host.readFile(path)) }, { content: Buffer.from("old"), mode: 0o644, uid: 0, gid: 0 });
    await host.run(["chown", "daemon:mail", path]);
    await host.run(["chmod", "2640", path]);
    const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => (i * 31) % 256));
    await host.writeFile(path, bytes);
    const file = await host.readFile(path);
    assert.ok(file?.content.equals(bytes));
    assert.deepEqual([file?.mode, file?.uid, file?.gid], [0o2640, 1, 8]);
    await host.removeFile(path);
    // Empty: nothing is left beside the file.
    await host.run(["rmdir", "/etc/crosshost test"]);
  });

  it("leaves the old file when the content does not arrive whole", async () => {
    await host.writeFile("/root/kept", "old");
    const cut = new ConnectionPool();
    const victim = await cut.host(connectionTo(lab, { dialErrorLimit: 1 }), soon());
    const writing = victim.writeFile("/root/kept", Buffer.alloc(200_000_000));
    const failed = assert.rejects(writing, {
      code: "connection-lost",
      message: /: write \/root\/kept: the SSH connection was lost/,
    });
    const command = await victim.start(["sh", "-c", "echo $PPID; cat"]);
    await host.run(["kill", "-9", await command.nextLine()]);
    await failed;
    await cut.close();
    assert.equal((await host.readFile("/root/kept"))?.content.toString(), "old");
    await host.removeFile("/root/kept");
  });

  it("tells another user what it may not do", async () => {
    await host.run(["sh", "-c", "id plain 2>/dev/null || useradd --create-home --shell /bin/sh plain"]);
    await host.run(["install", "-d", "-o", "plain", "-m", "700", "/home/plain/.ssh"]);
    await host.run(["install", "-o", "plain", "/root/.ssh/authorized_keys", "/home/plain/.ssh/authorized_keys"]);
    const plain = await pool.host(connectionTo(lab, { user: "plain" }), soon());
    const denied = { code: "no-permission" };
    await assert.rejects(plain.readFile("/etc/shadow"), denied);
    // Whether there is such a file cannot be seen from outside: that is no proof that there is none.
    await assert.rejects(plain.readFile("/root/none"), denied);
    await assert.rejects(plain.writeFile("/etc/none.conf", ""), denied);
    await assert.rejects(plain.writeFile("/etc/hostname", ""), denied);
    await assert.rejects(plain.removeFile("/etc/hostname"), denied);
    // What is written on a host is root's, wherever it is.
    await assert.rejects(plain.writeFile("/home/plain/own", "own"), denied);
    assert.equal((await plain.readFile("/etc/hostname"))?.content.toString(), "host1\n");
  });

  it("opens a TCP port as seen from there", async () => {
    const stream = await host.openTcp("127.0.0.1", 22);
    const [greeting] = await new Promise<Buffer[]>((resolve) => stream.once("data", (data: Buffer) => resolve([data])));
    stream.destroy();
    assert.match(String(greeting), /^SSH-2.0-OpenSSH/);
    await assert.rejects(host.openTcp("127.0.0.1", 1), {
      code: "refused",
      message: /cannot connect from there to 127.0.0.1:1: Channel open failure: Connection refused$/,
    });
  });

  it("is waited for while it boots", async () => {
    const own = new ConnectionPool();
    const rebooting = lab.host(1).reboot("clean");
    await (await own.host(connectionTo(lab, { dialErrorLimit: -1 }), new Deadline(90_000)))
      .run(["true"])
      .catch(() => undefined);
    await rebooting;
    const back = await own.host(connectionTo(lab), soon());
    assert.equal((await back.run(["hostname"])).stdout, "host1\n");
    await own.close();
  });
});
