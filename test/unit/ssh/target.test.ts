import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utils } from "ssh2";
import { describeError } from "../../../provider/errors";
import type { Connection } from "../../../provider/ssh/connection";
import type { LocalUser } from "../../../provider/ssh/localUser";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { type Target, Targets } from "../../../provider/ssh/target";
import { newKey } from "../../helpers/keys";
import { clientKey, hostKey, password, SshServer, soon, strangersKey } from "./sshServer";

const patience = { dialErrorLimit: 1, perDialTimeout: 5 };

describe("a connection, completed by the user's SSH configuration", () => {
  let localUser: LocalUser;

  beforeEach(() => {
    const home = mkdtempSync(join(tmpdir(), "home-"));
    mkdirSync(join(home, ".ssh"));
    localUser = { name: "me", home, systemConfig: "/nowhere" };
  });
  afterEach(() => rmSync(localUser.home, { recursive: true }));

  const write = (name: string, text: string) =>
    writeFileSync(join(localUser.home, ".ssh", name), text, { mode: 0o600 });
  const target = (connection: Partial<Connection>, config = ""): Promise<Target> => {
    write("config", config);
    return new Targets(localUser).of({ host: "web1", ...patience, ...connection });
  };
  /** The hosts on the way, the nearest to the target first. */
  const way = ({ proxy }: Target): string[] =>
    proxy ? [`${proxy.user}@${proxy.hostName}:${proxy.port}`, ...way(proxy)] : [];
  const named = ({ identities }: Target) => identities.list.map(({ name }) => name);

  describe("as to where it leads", () => {
    it("is dialled as it stands there where nothing is configured", async () => {
      const { hostName, port, user, proxy, knownHostsFiles } = await target({});
      assert.deepEqual([hostName, port, user, proxy, knownHostsFiles], ["web1", 22, "root", undefined, undefined]);
    });

    it("has name, port, user and known_hosts from there", async () => {
      const config =
        "Host web1\n HostName 10.0.0.%h\n Port 24\n User deploy\n HostKeyAlias rack\n UserKnownHostsFile ~/.ssh/%r %d/k\n";
      const { hostName, port, user, hostKeyAlias, knownHostsFiles } = await target({}, config);
      assert.deepEqual([hostName, port, user, hostKeyAlias], ["10.0.0.web1", 24, "deploy", "rack"]);
      assert.deepEqual(knownHostsFiles, ["~/.ssh/deploy", `${localUser.home}/k`]);
    });

    it("has what is given to it, whatever stands there", async () => {
      const config = "Port 24\nUser deploy\nHostKeyAlias rack\nUserKnownHostsFile /x\nHost * !gate\n ProxyJump gate\n";
      const given = { port: 25, user: "me", hostKeyAlias: "a", knownHostsFiles: ["/y"] };
      const found = await target({ ...given, proxy: { host: "bastion", port: 1, ...patience } }, config);
      assert.deepEqual([found.port, found.user, found.hostKeyAlias, found.knownHostsFiles], [25, "me", "a", ["/y"]]);
      assert.deepEqual(way(found), ["deploy@bastion:1", "deploy@gate:24"]);
    });

    it("leads through ProxyJump's hosts, each with its own settings, the last the nearest", async () => {
      const config =
        "Host web1\n ProxyJump first,me@second:2222\nHost first\n HostName 10.0.0.1\n User one\nHost second\n Port 9\n ProxyJump never\n";
      assert.deepEqual(way(await target({}, config)), ["me@second:2222", "one@10.0.0.1:22"]);
      assert.deepEqual(way(await target({}, "Host web1\n ProxyJump none\n")), []);
      assert.deepEqual(way(await target({}, "Host web1\n ProxyJump %h-gate\n")), ["root@web1-gate:22"]);
    });

    it("does not lead in a circle", async () => {
      await assert.rejects(target({}, "Host web1\n ProxyJump gate\nHost gate\n ProxyJump web1\n"), (error) => {
        assert.match(describeError(error), /^host web1: it is reached through more than 8 others: gate, web1, gate, /);
        assert.match(describeError(error), /ProxyJump of ssh_config must not lead in a circle/);
        return true;
      });
    });

    it("is refused where only a ProxyCommand leads there, unless a proxy is given", async () => {
      const config = "Host web1\n ProxyCommand nc %h %p\n";
      await assert.rejects(target({}, config), {
        code: "unsupported",
        message:
          "host web1: the SSH configuration of this machine cannot be used: ~/.ssh/config:2: ProxyCommand is not run; give `connection.proxy`, or ProxyJump where that will do",
      });
      assert.deepEqual(way(await target({ proxy: { host: "gate", ...patience } }, config)), ["root@gate:22"]);
      assert.deepEqual(way(await target({}, "ProxyCommand none\nProxyJump gate\n")), []);
    });
  });

  describe("as to what it logs in with", () => {
    const own = newKey();

    it("has the keys that are given, and then none of the user's", async () => {
      write("id_ed25519", own.private);
      write("config", "IdentityFile ~/.ssh/id_ed25519\n");
      localUser.agentSocketPath = "/agent";
      assert.deepEqual(named(await target({ privateKey: own.private }, "IdentityFile ~/.ssh/id_ed25519\n")), [
        "the given privateKey",
      ]);
      assert.deepEqual(named(await target({ agentSocketPath: "/a" })), ["the given agentSocketPath"]);
    });

    it("has the files and the agent that are configured, also beside a password", async () => {
      write("web", own.private);
      localUser.agentSocketPath = "/agent";
      const config = "IdentityFile ~/.ssh/web\nIdentityAgent ~/agent.sock\n";
      assert.deepEqual(named(await target({ password }, config)), ["the agent at ~/agent.sock", "~/.ssh/web"]);
      assert.deepEqual(named(await target({ password }, "IdentityAgent none\nIdentityFile ~/.ssh/web\n")), [
        "~/.ssh/web",
      ]);
      assert.deepEqual(named(await target({}, "IdentityFile ~/.ssh/web\n")), ["the agent at /agent", "~/.ssh/web"]);
    });

    it("has the user's agent and usual files where nothing is said, and no password is given", async () => {
      write("id_ed25519", own.private);
      localUser.agentSocketPath = "/agent";
      assert.deepEqual(named(await target({})), ["the agent at /agent", "~/.ssh/id_ed25519"]);
      assert.deepEqual(named(await target({ password })), []);
    });

    it("says which files cannot be used", async () => {
      write("locked", newKey("open").private);
      write("text", "no key");
      const config = "IdentityFile ~/.ssh/locked\nIdentityFile ~/.ssh/text\nIdentityFile ~/.ssh/absent\n";
      assert.deepEqual((await target({}, config)).identities, {
        list: [],
        unusable: [
          "~/.ssh/locked is encrypted and `privateKeyPassword` is not given",
          "~/.ssh/text is not a private key in a format of OpenSSH or PEM",
          "~/.ssh/absent is not there",
        ],
      });
      assert.deepEqual(named(await target({ privateKeyPassword: "open" }, "IdentityFile ~/.ssh/locked\n")), [
        "~/.ssh/locked",
      ]);
    });
  });

  describe("on a host", () => {
    let server: SshServer;
    let pool: ConnectionPool;

    before(async () => {
      server = await SshServer.start();
    });
    after(() => server.stop());
    beforeEach(() => {
      pool = new ConnectionPool({ localUser });
    });
    afterEach(() => pool.close());

    const config = (more = "") =>
      write("config", `Host web1\n HostName 127.0.0.1\n Port ${server.port}\n UserKnownHostsFile ~/k\n${more}`);
    const reach = (changed: Partial<Connection> = {}) =>
      pool.host({ host: "web1", hostKey: hostKey.public, ...patience, ...changed }, soon());

    it("is reached by the name it has there, and keeps that name in messages", async () => {
      write("web", clientKey.private);
      config(" IdentityFile ~/.ssh/web\n");
      const host = await reach();
      assert.equal(host.address, "web1");
      assert.equal((await host.run(["echo", "here"])).stdout, "here\n");
    });

    it("is one connection, whether its properties are given or configured", async () => {
      config();
      const before = server.handshakes;
      await reach({ privateKey: clientKey.private });
      await reach({ privateKey: clientKey.private, port: server.port, user: "root" });
      assert.equal(server.handshakes - before, 1);
    });

    it("says all that it tried, and where", async () => {
      write("web", strangersKey.private);
      config(" IdentityFile ~/.ssh/web\n IdentityFile ~/.ssh/gone\n");
      await assert.rejects(reach(), {
        message: "host web1: cannot log in as root: the host refuses ~/.ssh/web; ~/.ssh/gone is not there",
      });
      config(" Port 1\n");
      write("config", "Host web1\n HostName 127.0.0.1\n Port 1\n");
      pool = new ConnectionPool({ localUser });
      await assert.rejects(reach({ password }), {
        message: "host web1: cannot connect to port 1 of 127.0.0.1: connection refused",
      });
    });

    describe("by an agent", () => {
      let agent: ReturnType<typeof spawn>;
      let socketPath: string;

      beforeEach(async () => {
        socketPath = join(localUser.home, "agent.sock");
        agent = spawn("ssh-agent", ["-D", "-a", socketPath], { stdio: ["ignore", "pipe", "inherit"] });
        await new Promise((resolve, reject) => {
          agent.stdout!.once("data", resolve);
          agent.once("error", reject);
        });
        // sshd lets six keys be tried; the seventh is the right one.
        const keys = [...Array.from({ length: 7 }, () => newKey().private), clientKey.private];
        for (const key of keys) {
          write("added", key);
          execFileSync("ssh-add", ["-q", join(localUser.home, ".ssh/added")], {
            env: { ...process.env, SSH_AUTH_SOCK: socketPath },
          });
        }
      });
      afterEach(() => {
        agent.kill();
      });

      it("tries the keys that IdentityFile names first, and with IdentitiesOnly no others", async () => {
        localUser.agentSocketPath = socketPath;
        write("web.pub", clientKey.public);
        config(" IdentityFile ~/.ssh/web\n IdentitiesOnly yes\n");
        const offered = server.keysOffered;
        await reach();
        assert.equal(server.keysOffered - offered, 1);
        write("other.pub", utils.parseKey(strangersKey.public) instanceof Error ? "" : strangersKey.public);
        config(" IdentityFile ~/.ssh/other\n IdentitiesOnly yes\n");
        pool = new ConnectionPool({ localUser });
        await assert.rejects(reach(), /cannot log in as root: the host refuses the agent at /);
      });
    });
  });
});
