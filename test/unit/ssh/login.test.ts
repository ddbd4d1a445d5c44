import assert from "node:assert/strict";
import { inspect } from "node:util";
import { utils } from "ssh2";
import { CrosshostError, describeError, type ErrorCode } from "../../../provider/errors";
import type { Connection } from "../../../provider/ssh/connection";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { fingerprint, parseHostKey } from "../../../provider/ssh/trust/hostKey";
import { newKey } from "../../helpers/keys";
import { clientKey, hostKey, nobody, password, SshServer, soon, strangersKey } from "./sshServer";

const shown = (publicKey: string) => {
  const key = parseHostKey(publicKey);
  return "raw" in key ? fingerprint(key.raw) : "";
};

describe("logging in to a host", () => {
  let server: SshServer;
  let pool: ConnectionPool;

  before(async () => {
    server = await SshServer.start();
  });
  after(() => server.stop());
  beforeEach(() => {
    pool = new ConnectionPool({ localUser: nobody });
  });
  afterEach(() => pool.close());

  async function failure(changed: Partial<Connection>): Promise<CrosshostError> {
    const error: unknown = await pool.host(server.connection(changed), soon()).then(
      () => undefined,
      (error) => error,
    );
    assert.ok(error instanceof CrosshostError, String(error));
    return error;
  }

  async function refused(changed: Partial<Connection>, code: ErrorCode, message: string): Promise<void> {
    const error = await failure(changed);
    assert.equal(describeError(error), `host 127.0.0.1: ${message}`);
    assert.equal(error.code, code);
  }

  it("works by a private key, given the host's key", async () => {
    const host = await pool.host(server.connection(), soon());
    assert.equal(host.address, "127.0.0.1");
    assert.equal(host.user, "root");
  });

  it("works by a password", async () => {
    await pool.host(server.connection({ privateKey: undefined, password }), soon());
  });

  it("reads an encrypted key by its password", async () => {
    await refused(
      { privateKey: newKey("open").private, privateKeyPassword: "open" },
      "not-authenticated",
      "cannot log in as root: the host refuses the given privateKey (is the key's public half in ~root/.ssh/authorized_keys on the host?)",
    );
  });

  it("refuses a host whose key is not known, with the line to add", () =>
    refused(
      { hostKey: undefined },
      "unknown-host-key",
      `its host key ${shown(hostKey.public)} is not known (check it against the host's own (ssh-keygen -l), then add to the connection: hostKey: "${hostKey.public.trim()}", or to ~/.ssh/known_hosts the line: [127.0.0.1]:${server.port} ${hostKey.public.trim()})`,
    ));

  it("refuses a host that shows another key, with both fingerprints", () =>
    refused(
      { hostKey: strangersKey.public },
      "wrong-host-key",
      `WRONG HOST KEY: expected ${shown(strangersKey.public)}, but the host shows ${shown(hostKey.public)} (someone may be in between; only if the host was set up anew, and after checking, put hostKey: "${hostKey.public.trim()}")`,
    ));

  it("refuses a host that has no key of the known type", () =>
    refused(
      { hostKey: utils.generateKeyPairSync("rsa", { bits: 2048 }).public },
      "wrong-host-key",
      "WRONG HOST KEY: the host has none of type ssh-rsa (someone may be in between, or the host was set up anew)",
    ));

  it("names the way the host did not take", () =>
    refused(
      { privateKey: undefined, password: "wrong" },
      "not-authenticated",
      "cannot log in as root: the host refuses the given password",
    ));

  it("says that nothing to log in with was given", () =>
    refused(
      { privateKey: undefined },
      "not-authenticated",
      "cannot log in as root: neither privateKey, agentSocketPath nor password is given, and this machine has no SSH agent and no key in ~/.ssh",
    ));

  it("says that the agent is not there", () =>
    refused(
      { privateKey: undefined, agentSocketPath: "/nowhere/agent" },
      "not-authenticated",
      "cannot log in as root: the host refuses the given agentSocketPath; the agent at /nowhere/agent: Failed to connect to agent",
    ));

  for (const [what, changed, message] of [
    ["is no key", { privateKey: "nonsense" }, "`privateKey` is not a private key in a format of OpenSSH or PEM"],
    ["is a public key", { privateKey: clientKey.public }, "`privateKey` is a public key"],
    [
      "is encrypted",
      { privateKey: newKey("x").private },
      "`privateKey` is encrypted and `privateKeyPassword` is not given",
    ],
    [
      "is encrypted with another password",
      {
        privateKey: newKey("x").private,
        privateKeyPassword: "y",
      },
      "`privateKey` cannot be decrypted with the given `privateKeyPassword`",
    ],
  ] as const) {
    it(`says that a private key ${what}`, () =>
      refused(changed, "not-authenticated", `cannot log in as root: ${message}`));
  }

  it("tries nothing of this twice", async () => {
    const before = server.handshakes;
    await failure({ privateKey: strangersKey.private });
    await failure({ hostKey: strangersKey.public });
    assert.equal(server.handshakes - before, 2);
  });

  it("shows a password once, though the host takes longer over it than an attempt may", async () => {
    server.passwordDelay = 1_500;
    server.passwordsShown = 0;
    await refused(
      { privateKey: undefined, password: "wrong", perDialTimeout: 0.5 },
      "timed-out",
      `cannot connect to port ${server.port}: no answer to the login as root in 1 s (is the host up, and can this machine reach it?)`,
    );
    server.passwordDelay = 0;
    assert.equal(server.passwordsShown, 1);
  });

  it("shows no secret in errors, hosts, channels or the pool", async () => {
    const secrets = { privateKey: strangersKey.private, password: "hunter2 is secret" };
    const error = await failure(secrets);
    const host = await pool.host(server.connection({ password: "hunter2 is secret" }), soon());
    const channel = await host.openSocket("/nowhere").catch((error: unknown) => error);
    const command = await host.start(["cat"]);
    const texts = [error, host, channel, command, pool].map((value) => inspect(value, { depth: 20, showHidden: true }));
    await command.finish();
    for (const secret of [
      "hunter2",
      ...clientKey.private.split("\n").slice(1, 4),
      ...strangersKey.private.split("\n").slice(1, 4),
    ]) {
      for (const text of texts) assert.ok(!text.includes(secret), secret);
    }
  });
});
