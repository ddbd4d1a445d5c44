import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "../../../provider/ssh/host";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { clientKey, SshServer, soon } from "./sshServer";

/** What a real sudo does is tried on real hosts; this one is broken, or a host that was taken over has put it there. */
describe("a sudo that asks for a password", () => {
  let server: SshServer;
  let pool: ConnectionPool;
  let host: Host;
  let folder: string;
  const { PATH } = process.env;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "sudo-"));
    process.env.PATH = `${folder}:${PATH}`;
    program("id", "echo 1000");
    server = await SshServer.start();
    pool = new ConnectionPool();
    const changed = { user: "deploy", password: "secret", privateKey: clientKey.private };
    host = await pool.host(server.connection(changed), soon());
  });
  afterEach(async () => {
    process.env.PATH = PATH;
    await pool.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const program = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  /** `then`: what it does with the password. `$4` is the prompt. */
  const sudo = (then: string) =>
    program("sudo", `if [ "$1" = -n ]; then echo "sudo: a password is required" >&2; exit 1; fi\n${then}`);
  const refused = (message: string, hint: string) =>
    assert.rejects(host.requireRoot("change docker.service"), {
      code: "no-permission",
      message: `host 127.0.0.1: cannot change docker.service: that needs root, and ${message}`,
      hint,
    });

  it("and takes it is given what it asks for", async () => {
    sudo('printf %s "$4" >&2; read -r word; [ "$word" = secret ] || exit 1; shift 5; exec "$@"');
    await host.requireRoot("change docker.service");
    assert.equal((await host.run(["echo", "done"], { asRoot: true })).stdout, "done\n");
  });

  it("once, and does not take it, is named", async () => {
    sudo('printf %s "$4" >&2; read -r word; echo "sudo: 1 incorrect password attempt" >&2; exit 1');
    await refused("sudo does not take the password of deploy", "`connection.password` is the one that sudo asks for");
  });

  it("is not asked again by what comes next, since hosts count wrong passwords", async () => {
    const asked = join(folder, "asked");
    sudo(`echo >> ${asked}; printf %s "$4" >&2; read -r word; echo "sudo: 1 incorrect password attempt" >&2; exit 1`);
    const attempts = ["change docker.service", "write /etc/x", "use the Docker engine"];
    const refusals = await Promise.allSettled(attempts.map((attempt) => host.requireRoot(attempt)));
    refusals.push(...(await Promise.allSettled([host.requireRoot("write /etc/y")])));
    assert.deepEqual(
      refusals.map((refusal) => refusal.status === "rejected" && refusal.reason.message),
      [...attempts, "write /etc/y"].map(
        (attempt) =>
          `host 127.0.0.1: cannot ${attempt}: that needs root, and sudo does not take the password of deploy`,
      ),
    );
    assert.equal(readFileSync(asked, "utf8"), "\n");
  });

  it("and says something without end is given up", async () => {
    sudo("exec yes >&2");
    await refused("sudo says more than can be taken", "does it ask for more than a password there?");
  });
});
