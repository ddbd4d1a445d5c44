import assert from "node:assert/strict";
import type { Lab } from "../../../lab";
import { DockerClient } from "../../../provider/docker/client";
import { CrosshostError, type ErrorCode } from "../../../provider/errors";
import type { Connection } from "../../../provider/ssh/connection";
import type { Host } from "../../../provider/ssh/host";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";
import { newKey } from "../../helpers/keys";
import { connectionTo, startLab, tearDown } from "./lab";

const soon = () => new Deadline(60_000);

interface Failing {
  code: ErrorCode;
  /** All of the message after the host's name. */
  message: RegExp;
  /** None where the engine's own words are all there is to say. */
  hint?: RegExp;
  connection?: (lab: Lab) => Partial<Connection>;
  work?: (host: Host, root: Host) => Promise<unknown>;
}

const systemctl = (root: Host, ...words: string[]) => root.run(["systemctl", ...words]);

const kinds: Record<string, Failing> = {
  "a name that does not exist": {
    code: "cannot-resolve",
    connection: () => ({ host: "no.such.host.invalid" }),
    message: /cannot connect to port 22: no such host name$/,
    hint: /`connection.host`/,
  },
  "a port on which nobody listens": {
    code: "refused",
    connection: () => ({ port: 1 }),
    message: /cannot connect to port 1: connection refused$/,
    hint: /is sshd running there/,
  },
  "an address at which nobody is": {
    code: "timed-out",
    connection: (lab) => ({ host: lab.host(1).address.replace(/\d+$/, "200") }),
    message: /cannot connect to port 22: no (answer in 5 s|route to the host)$/,
    hint: /is the host up/,
  },
  "another host's key": {
    code: "wrong-host-key",
    connection: () => ({ hostKey: newKey().public }),
    message: /WRONG HOST KEY: expected SHA256:\S+, but the host shows SHA256:\S+$/,
    hint: /someone may be in between/,
  },
  "a stranger's key": {
    code: "not-authenticated",
    connection: () => ({ privateKey: newKey().private }),
    message: /cannot log in as root: the host refuses the given privateKey$/,
    hint: /authorized_keys/,
  },
  "a user without rights": {
    code: "no-permission",
    connection: () => ({ user: "stranger" }),
    work: (host) => host.requireRoot("change docker.service"),
    message: /cannot change docker.service: that needs root, and sudo asks stranger for a password$/,
    hint: /NOPASSWD/,
  },
  "an engine that is stopped": {
    code: "docker-not-there",
    work: async (host, root) => {
      await systemctl(root, "stop", "docker.socket", "docker.service");
      try {
        await DockerClient.of(host).networks.list();
      } finally {
        await systemctl(root, "reset-failed", "docker");
        await systemctl(root, "start", "docker");
      }
    },
    message: /list networks: no Docker engine answers on \/var\/run\/docker.sock; docker.service is inactive$/,
    hint: /systemctl start docker/,
  },
  "what the engine does not do": {
    code: "docker-refused",
    work: (host) => DockerClient.of(host).networks.create({ Name: "ov", Driver: "overlay" }),
    message: /create network "ov": This node is not a swarm manager/,
  },
  "a connection that is cut": {
    code: "connection-lost",
    work: async (host, root) => {
      const doomed = await host.start(["sh", "-c", "echo $PPID; cat"]);
      const parent = await doomed.nextLine();
      await Promise.all([host.run(["sleep", "100"]), root.run(["kill", "-9", parent])]);
    },
    message: /sleep 100: the SSH connection was lost/,
    hint: /run it again/,
  },
};

describe("a failure on a real host names the host, what was attempted, and what to do", function () {
  this.timeout(120_000);
  let lab: Lab;
  let pool: ConnectionPool;
  let root: Host;

  before(async () => {
    lab = await startLab();
    pool = new ConnectionPool();
    root = await pool.host(connectionTo(lab), soon());
    await root.run(["sh", "-c", "id stranger 2>/dev/null || useradd --create-home --shell /bin/sh stranger"]);
    await root.run(["install", "-d", "-o", "stranger", "-m", "700", "/home/stranger/.ssh"]);
    await root.run(["install", "-o", "stranger", "/root/.ssh/authorized_keys", "/home/stranger/.ssh/authorized_keys"]);
  });
  after(async () => {
    await pool.close();
    await tearDown(lab);
  });

  for (const [what, { code, message, hint, connection, work }] of Object.entries(kinds)) {
    it(`of the kind "${code}": ${what}`, async () => {
      const to = connectionTo(lab, { dialErrorLimit: 1, ...connection?.(lab) });
      const own = new ConnectionPool();
      const error: unknown = await own
        .host(to, soon())
        .then((host) => work?.(host, root))
        .catch((error) => error);
      await own.close();
      assert.ok(error instanceof CrosshostError, String(error));
      assert.equal(error.code, code);
      assert.ok(error.message.startsWith(`host ${to.host}: `), error.message);
      assert.match(error.message.slice(`host ${to.host}: `.length), message);
      assert.match(error.hint ?? "", hint ?? /^$/);
    });
  }
});
