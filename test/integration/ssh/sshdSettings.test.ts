import assert from "node:assert/strict";
import type { Lab } from "../../../lab";
import { DockerClient } from "../../../provider/docker/client";
import { describeError } from "../../../provider/errors";
import type { Connection } from "../../../provider/ssh/connection";
import type { Host } from "../../../provider/ssh/host";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";
import { connectionTo, startLab, tearDown } from "./lab";
import { Sshd } from "./sshd";

const soon = () => new Deadline(60_000);

describe("a real host whose sshd is set up otherwise", function () {
  this.timeout(180_000);
  let lab: Lab;
  let root: Host;
  let pool: ConnectionPool;
  let sshd: Sshd | undefined;

  before(async () => {
    lab = await startLab();
    pool = new ConnectionPool();
    root = await pool.host(connectionTo(lab), soon());
    await root.run(["sh", "-c", "id guest 2>/dev/null || useradd --create-home --shell /bin/bash guest"]);
    await root.run(["usermod", "--shell", "/bin/bash", "guest"]);
    await root.run(["install", "-d", "-o", "guest", "-m", "700", "/home/guest/.ssh"]);
    await root.run(["install", "-o", "guest", "/root/.ssh/authorized_keys", "/home/guest/.ssh/authorized_keys"]);
  });
  afterEach(async () => {
    await sshd?.stop();
    sshd = undefined;
  });
  after(async () => {
    await pool.close();
    await tearDown(lab);
  });

  const start = async (...settings: string[]) => {
    sshd = await Sshd.start(root, 2222, settings);
  };
  const there = (changed: Partial<Connection> = {}) => connectionTo(lab, { port: 2222, ...changed });
  /** In a session of its own, so that nothing is known of the host yet. */
  const reach = async <T>(connection: Connection, work: (host: Host) => Promise<T>): Promise<T> => {
    const own = new ConnectionPool();
    try {
      return await work(await own.host(connection, soon()));
    } finally {
      await own.close();
    }
  };
  const failure = async (connection: Connection, work: (host: Host) => Promise<unknown> = async () => undefined) =>
    describeError(
      await reach(connection, work).then(
        () => "it worked",
        (error) => error,
      ),
    );

  it("takes many commands at once with MaxSessions 2", async () => {
    await start("MaxSessions 2");
    const commands = Array.from({ length: 10 }, (_, i) => ["sh", "-c", 'sleep 1; echo "$1"', "sh", String(i)]);
    const results = await reach(there(), (host) => Promise.all(commands.map((command) => host.run(command))));
    assert.deepEqual(
      results.map(({ stdout }) => stdout),
      commands.map((command) => `${command[4]}\n`),
    );
  });

  it("takes sixteen users at once with MaxStartups 2", async () => {
    await start("MaxStartups 2");
    const connection = there({ dialErrorLimit: -1 });
    const names = await Promise.all(
      Array.from({ length: 16 }, () => reach(connection, (host) => host.run(["hostname"]))),
    );
    assert.deepEqual(new Set(names.map(({ stdout }) => stdout)), new Set(["host1\n"]));
  });

  it("says which setting is in the way with AllowTcpForwarding no, also as a proxy", async () => {
    await start("AllowTcpForwarding no");
    assert.match(
      await failure(there(), (host) => host.openTcp("127.0.0.1", 22)),
      /cannot connect from there to 127\.0\.0\.1:22: .* \(sshd's AllowTcpForwarding must be yes on the host\)$/,
    );
    const { address } = lab.host(1);
    assert.match(
      await failure({ ...connectionTo(lab), proxy: there() }),
      new RegExp(
        `^host ${address}: cannot connect to port 22 through ${address}: .* \\(sshd's AllowTcpForwarding must be yes on ${address}, and PermitOpen must allow it\\)$`,
      ),
    );
  });

  it("lets the engine be asked with AllowStreamLocalForwarding no, by the docker command", async () => {
    await start("AllowStreamLocalForwarding no");
    await reach(there(), async (host) => {
      const docker = DockerClient.of(host);
      const answers = await Promise.all(Array.from({ length: 12 }, () => docker.engine.info()));
      assert.deepEqual(new Set(answers.map(({ Name }) => Name)), new Set(["host1"]));
    });
  });

  it("has at most eight channels to the engine at once by the docker command, whatever is asked", async () => {
    await start("AllowStreamLocalForwarding no");
    await reach(there(), async (host) => {
      const docker = DockerClient.of(host);
      await docker.images.pull("busybox:1.35");
      await docker.containers.create("many", {
        Image: "busybox:1.35",
        Cmd: ["sleep", "1000"],
        HostConfig: { NetworkMode: "none" },
      });
      await docker.containers.start("many");
      const script = ["sh", "-c", 'sleep 1; echo "$1"; echo err >&2; exit 3', "sh"];
      const running = Array.from({ length: 20 }, (_, i) => docker.containers.exec("many", [...script, String(i)]));
      let isOver = false;
      const results = Promise.all(running).finally(() => {
        isOver = true;
      });
      let most = 0;
      while (!isOver) {
        const { stdout } = await root.run(["sh", "-c", "ps -C docker -o args= | grep -c dial-stdio || true"]);
        most = Math.max(most, Number(stdout));
      }
      assert.deepEqual(
        await results,
        running.map((_, i) => ({ stdout: `${i}\n`, stderr: "err\n", exitCode: 3 })),
      );
      assert.equal(most, 8);
      assert.match(await docker.containers.logs("many"), /^$/);
      await docker.containers.remove("many", { force: true });
    });
  });

  it("says that the engine is stopped, though it is asked by the docker command, and asks it when it is back", async () => {
    await start("AllowStreamLocalForwarding no");
    await reach(there(), async (host) => {
      const docker = DockerClient.of(host);
      await docker.engine.ping();
      await root.run(["systemctl", "stop", "docker.socket", "docker.service"]);
      await assert.rejects(docker.networks.list(), (error) => {
        assert.equal(
          describeError(error),
          `host ${lab.host(1).address}: list networks: no Docker engine answers on /var/run/docker.sock; docker.service is inactive (start it: systemctl start docker)`,
        );
        return true;
      });
      await root.run(["systemctl", "reset-failed", "docker"]);
      await root.run(["systemctl", "start", "docker"]);
      await docker.engine.ping();
    });
  });

  it("lets the engine be asked with MaxSessions 2 and no forwarding at all", async () => {
    await start("MaxSessions 2", "AllowStreamLocalForwarding no", "AllowTcpForwarding no");
    await reach(there(), async (host) => {
      const docker = DockerClient.of(host);
      await Promise.all(Array.from({ length: 6 }, () => docker.engine.info()));
    });
  });

  it("may have the engine's socket elsewhere", async () => {
    await root.run(["ln", "-sf", "/var/run/docker.sock", "/run/elsewhere.sock"]);
    assert.equal((await DockerClient.of(root, "/run/elsewhere.sock").engine.info()).Name, "host1");
    await assert.rejects(DockerClient.of(root, "/run/nowhere.sock").engine.info(), { code: "docker-not-there" });
    await root.run(["rm", "/run/elsewhere.sock"]);
  });

  it("is understood though its login shell chatters, and not where it lets nobody in", async () => {
    await start("Banner /etc/issue");
    await root.writeFile("/home/guest/.bashrc", "echo 'welcome, and mind the gap'; echo oops >&2\n");
    await reach(there({ user: "guest" }), async (host) => {
      const { stdout } = await host.run(["echo", "answer"]);
      assert.equal(stdout, "answer\n");
      assert.equal((await host.readFile("/etc/hostname"))?.content.toString(), "host1\n");
    });
    await root.run(["usermod", "--shell", "/usr/sbin/nologin", "guest"]);
    assert.match(
      await failure(there({ user: "guest" }), (host) => host.run(["true"])),
      /: true: the host runs no commands for this user: This account is currently not available\. \(/,
    );
    await root.run(["usermod", "--shell", "/bin/bash", "guest"]);
    await root.removeFile("/home/guest/.bashrc");
  });

  it("is reached through itself, by IPv6, and each hop that fails is named with its reason", async () => {
    await start();
    const { address } = lab.host(1);
    const inner = (changed: Partial<Connection> = {}) => ({ ...there(changed), proxy: connectionTo(lab) });
    const { stdout } = await reach(inner({ host: "::1" }), (host) => host.run(["sh", "-c", "echo $SSH_CONNECTION"]));
    assert.match(stdout, /^::1 \d+ ::1 2222\n$/);
    const threeHops = { ...there({ host: "127.0.0.1" }), proxy: { ...inner({ host: "::1" }) } };
    assert.equal((await reach(threeHops, (host) => host.run(["hostname"]))).stdout, "host1\n");
    const once = { dialErrorLimit: 1 };
    assert.equal(
      await failure(inner({ port: 1, ...once })),
      `host ${address}: cannot connect to port 1 through ${address}: Channel open failure: Connection refused (is the host up, and can ${address} reach it?)`,
    );
    assert.match(
      await failure(inner({ host: "no.such.host.invalid", ...once })),
      new RegExp(`^host no.such.host.invalid: cannot connect to port 2222 through ${address}: .*(resol|not known)`),
    );
    assert.match(
      await failure({ ...there(), proxy: connectionTo(lab, { port: 1, ...once }) }),
      new RegExp(`^host ${address}: cannot connect to port 1: connection refused \\(on the way to ${address}\\)`),
    );
  });

  it("is missed within fifteen seconds when its cable is pulled in the middle of a command", async () => {
    const own = new ConnectionPool();
    const host = await own.host(connectionTo(lab), soon());
    const running = host.run(["sleep", "100"]);
    const lost = assert.rejects(running, { code: "connection-lost", message: /the SSH connection was lost/ });
    const began = performance.now();
    await lab.host(1).unplug();
    try {
      await lost;
      const seconds = (performance.now() - began) / 1000;
      assert.ok(seconds < 15, `${seconds} s`);
    } finally {
      await lab.host(1).plug();
      await own.close();
    }
  });
});
