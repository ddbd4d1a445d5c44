import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeError } from "../../../../provider/errors";
import type { Connection } from "../../../../provider/ssh/connection";
import { ConnectionPool } from "../../../../provider/ssh/pool";
import { fingerprint, parseHostKey } from "../../../../provider/ssh/trust/hostKey";
import { newKey } from "../../../helpers/keys";
import { hostKey, SshServer, soon, strangersKey } from "../sshServer";

const shown = (publicKey: string) => {
  const key = parseHostKey(publicKey);
  return "raw" in key ? fingerprint(key.raw) : "";
};
const line = hostKey.public.trim();
const strangersLine = strangersKey.public.trim();
const rsa = newKey().public.trim();

describe("whom we talk to", () => {
  let server: SshServer;
  let folder: string;
  let file: string;
  let said: string[];
  let pools: ConnectionPool[];

  before(async () => {
    server = await SshServer.start();
  });
  after(() => server.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "known-hosts-"));
    file = join(folder, "known_hosts");
    said = [];
    pools = [];
  });
  afterEach(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    rmSync(folder, { recursive: true });
  });

  const name = () => `[127.0.0.1]:${server.port}`;
  const dial = (changed: Partial<Connection> = {}) => {
    const pool = new ConnectionPool({ log: (line) => said.push(line) });
    pools.push(pool);
    return pool.host(server.connection({ hostKey: undefined, knownHostsFiles: [file], ...changed }), soon());
  };
  const refusal = async (changed?: Partial<Connection>) =>
    describeError(
      await dial(changed).then(
        () => "it was accepted",
        (error) => error,
      ),
    );

  it("is a host whose key stands in known_hosts", async () => {
    writeFileSync(file, `${name()} ${strangersLine}\n${name()} ${line}\n`);
    await dial();
  });

  it("is a host whose key stands there under its name without the port", async () => {
    writeFileSync(file, `127.0.0.1 ${line}\n`);
    await dial();
  });

  it("is a host that stands there under its alias", async () => {
    writeFileSync(file, `rack-7 ${line}\n[rack-8]:${server.port} ${line}\n`);
    await dial({ hostKeyAlias: "rack-7" });
    // As with ssh, an alias has no port.
    assert.match(await refusal({ hostKeyAlias: "rack-8" }), /is not known .* the line: rack-8 ssh-ed25519/);
  });

  it("is no host that is not known, whatever others stand there", async () => {
    writeFileSync(file, `[127.0.0.2]:${server.port} ${line}\n`);
    assert.equal(
      await refusal(),
      `host 127.0.0.1: its host key ${shown(line)} is not known (check it against the host's own (ssh-keygen -l), then add to the connection: hostKey: "${line}", or to ${file} the line: ${name()} ${line})`,
    );
  });

  for (const hostKeyPolicy of ["strict", "acceptNew"] as const) {
    it(`is no host that shows another key than it did, under the policy ${hostKeyPolicy}`, async () => {
      writeFileSync(file, `# mine\n${name()} ${strangersLine}\n`);
      assert.equal(
        await refusal({ hostKeyPolicy }),
        `host 127.0.0.1: WRONG HOST KEY: expected ${shown(strangersLine)} (${file}:2), but the host shows ${shown(line)} (someone may be in between; only if the host was set up anew, and after checking, take the old key out (ssh-keygen -R '${name()}') and add the line: ${name()} ${line})`,
      );
      assert.equal(readFileSync(file, "utf8"), `# mine\n${name()} ${strangersLine}\n`);
    });
  }

  for (const hostKeyPolicy of ["strict", "acceptNew", "insecure"] as const) {
    it(`is no host whose key is revoked, under the policy ${hostKeyPolicy}`, async () => {
      writeFileSync(file, `${name()} ${line}\n@revoked * ${line}\n`);
      const expected = `host 127.0.0.1: REVOKED HOST KEY: the host shows ${shown(line)} (${file}:2 says that this key is never to be trusted)`;
      assert.equal(await refusal({ hostKeyPolicy }), expected);
      assert.equal(await refusal({ hostKeyPolicy, hostKey: line }), expected);
    });
  }

  it("is no host that only an authority vouches for, which cannot be checked", async () => {
    writeFileSync(file, `@cert-authority * ${strangersLine}\n`);
    for (const hostKeyPolicy of ["strict", "acceptNew"] as const) {
      assert.match(
        await refusal({ hostKeyPolicy }),
        new RegExp(
          `is not known; ${file}:1 names an authority for it, but certificates of hosts cannot be checked here `,
        ),
      );
    }
  });

  it("is decided by hostKey alone where that is given", async () => {
    writeFileSync(file, `${name()} ${line}\n`);
    assert.match(await refusal({ hostKey: strangersLine }), /WRONG HOST KEY: expected SHA256:\S+, but/);
    assert.match(await refusal({ hostKey: strangersLine, hostKeyPolicy: "insecure" }), /WRONG HOST KEY/);
    writeFileSync(file, `${name()} ${strangersLine}\n`);
    await dial({ hostKey: line });
  });

  it("says which file cannot be read", async () => {
    mkdirSync(file);
    assert.match(await refusal(), new RegExp(`^host 127.0.0.1: cannot read ${file} on this machine: EISDIR`));
  });

  describe("under the policy acceptNew", () => {
    const accepted = () =>
      `host 127.0.0.1: accepted its new host key ${shown(line)} (hostKeyPolicy "acceptNew") and wrote it to ${file}`;

    it("is a new host, which is remembered", async () => {
      file = join(folder, "new", "known_hosts");
      await dial({ hostKeyPolicy: "acceptNew" });
      assert.equal(readFileSync(file, "utf8"), `${name()} ${line}\n`);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.equal(statSync(join(folder, "new")).mode & 0o777, 0o700);
      assert.deepEqual(said, [accepted()]);
      // Again: it is known.
      await dial({ hostKeyPolicy: "acceptNew" });
      await dial({ hostKeyPolicy: "strict" });
      assert.equal(readFileSync(file, "utf8"), `${name()} ${line}\n`);
      assert.deepEqual(said, [accepted()]);
    });

    it("keeps every byte of the file before the new line", async () => {
      writeFileSync(file, `host1 ${rsa} no line's end`);
      await dial({ hostKeyPolicy: "acceptNew" });
      assert.equal(readFileSync(file, "utf8"), `host1 ${rsa} no line's end\n${name()} ${line}\n`);
    });

    it("is no host that cannot be remembered", async () => {
      writeFileSync(join(folder, "file"), "");
      file = join(folder, "file", "known_hosts");
      assert.match(
        await refusal({ hostKeyPolicy: "acceptNew" }),
        /^host 127.0.0.1: its host key cannot be written down on this machine: E/,
      );
    });
  });

  it("is anyone under the policy insecure", async () => {
    await dial({ hostKeyPolicy: "insecure" });
    writeFileSync(file, `${name()} ${strangersLine}\n`);
    await dial({ hostKeyPolicy: "insecure" });
  });
});
