import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../../lab";
import { describeError } from "../../../provider/errors";
import type { Connection } from "../../../provider/ssh/connection";
import type { Host } from "../../../provider/ssh/host";
import type { LocalUser } from "../../../provider/ssh/localUser";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";
import { connectionTo, startLab, tearDown } from "./lab";
import { Sshd } from "./sshd";

const password = "Tr0ub4dor&3 'quoted' ünïcödé";
const soon = () => new Deadline(60_000);

describe("logging in to a real host", function () {
  this.timeout(180_000);
  let lab: Lab;
  let root: Host;
  let pool: ConnectionPool;
  let folder: string;
  let localUser: LocalUser;

  before(async () => {
    lab = await startLab();
    pool = new ConnectionPool();
    root = await pool.host(connectionTo(lab), soon());
    await root.run(["sh", "-c", "id guest 2>/dev/null || useradd --create-home --shell /bin/bash guest"]);
    await root.run(["usermod", "--shell", "/bin/bash", "guest"]);
    await root.run(["chpasswd"], { input: `guest:${password}\n` });
    await root.run(["install", "-d", "-o", "guest", "-m", "700", "/home/guest/.ssh"]);
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "keys-"));
    mkdirSync(join(folder, ".ssh"));
    localUser = { name: "me", home: folder, systemConfig: "/nowhere" };
    await root.removeFile("/home/guest/.ssh/authorized_keys");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  after(async () => {
    await pool.close();
    await tearDown(lab);
  });

  const keygen = (...args: string[]) => execFileSync("ssh-keygen", ["-q", ...args], { encoding: "utf8" });
  const newKey = (name: string, ...args: string[]) => {
    const file = join(folder, ".ssh", name);
    keygen("-f", file, "-C", "test", ...args);
    return { file, privateKey: readFileSync(file, "utf8"), publicKey: readFileSync(`${file}.pub`, "utf8") };
  };
  const admit = (...publicKeys: string[]) =>
    root.writeFile("/home/guest/.ssh/authorized_keys", publicKeys.join(""), { mode: 0o644 });
  const asGuest = (changed: Partial<Connection>) =>
    connectionTo(lab, { user: "guest", privateKey: undefined, ...changed });
  const whoami = async (changed: Partial<Connection>) => {
    const own = new ConnectionPool({ localUser });
    try {
      return (await (await own.host(asGuest(changed), soon())).run(["id", "-un"])).stdout;
    } catch (error) {
      return describeError(error);
    } finally {
      await own.close();
    }
  };

  const types: [string, ...string[]][] = [
    ["ed25519", "-t", "ed25519"],
    ["RSA of 2048 bits", "-t", "rsa", "-b", "2048"],
    ["ECDSA of 256 bits", "-t", "ecdsa", "-b", "256"],
    ["ECDSA of 384 bits", "-t", "ecdsa", "-b", "384"],
    ["ECDSA of 521 bits", "-t", "ecdsa", "-b", "521"],
  ];
  for (const [type, ...args] of types) {
    for (const format of type === "ed25519" ? ["RFC4716"] : ["RFC4716", "PEM", "PKCS8"]) {
      for (const passphrase of ["", "pass 'phrase'"]) {
        const how = `${format === "RFC4716" ? "OpenSSH" : format}, ${passphrase ? "encrypted" : "plain"}`;
        it(`works by a key of ssh-keygen: ${type}, ${how}`, async () => {
          const { privateKey, publicKey } = newKey("key", ...args, "-m", format, "-N", passphrase);
          await admit(publicKey);
          assert.equal(await whoami({ privateKey, privateKeyPassword: passphrase || undefined }), "guest\n");
          if (passphrase) {
            assert.match(
              await whoami({ privateKey }),
              /`privateKey` is encrypted and `privateKeyPassword` is not given$/,
            );
            assert.match(
              await whoami({ privateKey, privateKeyPassword: "wrong" }),
              /`privateKey` cannot be decrypted with the given `privateKeyPassword`$/,
            );
          }
        });
      }
    }
  }

  it("works by an agent, and by the user's own files", async () => {
    const { file, publicKey } = newKey("id_ed25519", "-t", "ed25519", "-N", "");
    await admit(publicKey);
    assert.equal(await whoami({}), "guest\n");
    const socketPath = join(folder, "agent.sock");
    const agent = spawn("ssh-agent", ["-D", "-a", socketPath], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await new Promise((resolve) => agent.stdout.once("data", resolve));
      execFileSync("ssh-add", ["-q", file], { env: { ...process.env, SSH_AUTH_SOCK: socketPath } });
      assert.equal(await whoami({ agentSocketPath: socketPath }), "guest\n");
      rmSync(file);
      localUser.agentSocketPath = socketPath;
      assert.equal(await whoami({}), "guest\n");
    } finally {
      agent.kill();
    }
    assert.match(
      await whoami({ agentSocketPath: socketPath }),
      /the host refuses the given agentSocketPath; the agent at .*agent\.sock: /,
    );
  });

  describe("by a password", () => {
    let sshd: Sshd;
    afterEach(() => sshd.stop());

    for (const [how, ...settings] of [
      ["itself", "PasswordAuthentication yes", "KbdInteractiveAuthentication no"],
      ["in answer to PAM's question", "PasswordAuthentication no", "KbdInteractiveAuthentication yes"],
    ]) {
      it(`works: ${how}`, async () => {
        sshd = await Sshd.start(root, 2223, settings);
        // PAM thinks about a wrong password for seconds.
        const there = { port: 2223, perDialTimeout: 30 };
        assert.equal(await whoami({ ...there, password }), "guest\n");
        assert.match(
          await whoami({ ...there, password: "wrong" }),
          /cannot log in as guest: the host refuses the given password$/,
        );
      });
    }
  });

  describe("with certificates", () => {
    let sshd: Sshd;
    afterEach(() => sshd.stop());

    it("of users says that none can be shown", async () => {
      const authority = newKey("authority", "-t", "ed25519", "-N", "");
      await root.writeFile("/run/user-ca.pub", authority.publicKey);
      sshd = await Sshd.start(root, 2223, ["TrustedUserCAKeys /run/user-ca.pub"]);
      const { file } = newKey("id_ed25519", "-t", "ed25519", "-N", "");
      keygen("-s", authority.file, "-I", "me", "-n", "guest", `${file}.pub`);
      assert.equal(
        await whoami({ port: 2223 }),
        `host ${lab.host(1).address}: cannot log in as guest: the host refuses ~/.ssh/id_ed25519; ~/.ssh/id_ed25519-cert.pub is a certificate, and none can be shown here (is the key's public half in ~guest/.ssh/authorized_keys on the host?)`,
      );
    });

    it("of hosts says that they cannot be checked, and takes the host by its plain key", async () => {
      const { address, hostKey } = lab.host(1);
      const authority = newKey("authority", "-t", "ed25519", "-N", "");
      const publicFile = join(folder, "host.pub");
      writeFileSync(publicFile, `${hostKey}\n`);
      keygen("-s", authority.file, "-I", "host1", "-h", "-n", address, publicFile);
      await root.writeFile("/run/host-cert.pub", readFileSync(join(folder, "host-cert.pub")));
      sshd = await Sshd.start(root, 2223, ["HostCertificate /run/host-cert.pub"]);
      const { privateKey, publicKey } = newKey("id", "-t", "ed25519", "-N", "");
      await admit(publicKey);
      const known = join(folder, "known_hosts");
      writeFileSync(known, `@cert-authority ${address},[${address}]:2223 ${authority.publicKey}`);
      const connection = { port: 2223, privateKey, hostKey: undefined, knownHostsFiles: [known] };
      assert.match(
        await whoami(connection),
        /its host key SHA256:\S+ is not known; \S+known_hosts:1 names an authority for it, but certificates of hosts cannot be checked here/,
      );
      // acceptNew is not for hosts of which something else is known.
      assert.match(await whoami({ ...connection, hostKeyPolicy: "acceptNew" }), /names an authority for it/);
      writeFileSync(known, `[${address}]:2223 ${hostKey}\n`);
      assert.equal(await whoami(connection), "guest\n");
    });
  });

  describe("with ssh-keygen and ssh as judges of known_hosts", () => {
    it("takes hashed lines that ssh-keygen writes", async () => {
      const { privateKey, publicKey } = newKey("id", "-t", "ed25519", "-N", "");
      await admit(publicKey);
      const known = join(folder, "known_hosts");
      const connection = { privateKey, hostKey: undefined, knownHostsFiles: [known] };
      writeFileSync(known, `${lab.host(1).address} ${lab.host(1).hostKey}\n`);
      keygen("-H", "-f", known);
      assert.ok(readFileSync(known, "utf8").startsWith("|1|"));
      assert.equal(await whoami(connection), "guest\n");
      keygen("-R", lab.host(1).address, "-f", known);
      assert.match(await whoami(connection), /its host key SHA256:\S+ is not known/);
    });

    it("writes what both of them find, shows the fingerprint that both show, and refuses another key and a revoked one", async () => {
      const { address, hostKey } = lab.host(1);
      const { file, privateKey, publicKey } = newKey("id", "-t", "ed25519", "-N", "");
      await admit(publicKey);
      const known = join(folder, "known_hosts");
      const connection = { privateKey, hostKey: undefined, knownHostsFiles: [known] };
      const told = await whoami(connection);
      assert.equal(await whoami({ ...connection, hostKeyPolicy: "acceptNew" }), "guest\n");
      assert.equal(
        keygen("-F", address, "-f", known),
        `${address} ${hostKey}
`,
      );
      const [fingerprint = ""] = /SHA256:\S+/.exec(keygen("-l", "-F", address, "-f", known)) ?? [];
      assert.ok(fingerprint !== "" && told.includes(fingerprint), told);
      const options = ["-o", `UserKnownHostsFile=${known}`, "-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes"];
      const ssh = ["-F", "none", "-i", file, ...options, `guest@${address}`, "id", "-un"];
      assert.equal(execFileSync("ssh", ssh, { encoding: "utf8" }), "guest\n");
      const other = newKey("other", "-t", "ed25519", "-N", "").publicKey.split(" ").slice(0, 2).join(" ");
      writeFileSync(known, `${address} ${other}\n`);
      for (const hostKeyPolicy of ["strict", "acceptNew"] as const) {
        assert.match(await whoami({ ...connection, hostKeyPolicy }), /: WRONG HOST KEY: expected SHA256:\S+ \(\S+:1\)/);
      }
      writeFileSync(known, `@revoked * ${hostKey}\n${address} ${hostKey}\n`);
      for (const hostKeyPolicy of ["strict", "acceptNew", "insecure"] as const) {
        assert.match(await whoami({ ...connection, hostKeyPolicy }), /: REVOKED HOST KEY: /);
      }
    });
  });
});
