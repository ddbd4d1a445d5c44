import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Lab } from "../../../lab";
import { DockerClient } from "../../../provider/docker/client";
import { clusterMember } from "../../../provider/resources/clusterMember";
import type { ClusterMemberInputs } from "../../../provider/resources/clusterMember/inputs";
import { kvStore } from "../../../provider/resources/kvStore";
import type { KVStoreInputs } from "../../../provider/resources/kvStore/inputs";
import { macvlanNetwork } from "../../../provider/resources/macvlanNetwork";
import { RunContext } from "../../../provider/run/context";
import type { Connection } from "../../../provider/ssh/connection";
import type { Host } from "../../../provider/ssh/host";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";
import { Authority } from "../../helpers/certificates";
import { connectionTo, startLab, tearDown } from "./lab";

const password = "Tr0ub4dor&3 'quoted'";
const soon = () => new Deadline(60_000);

/** The file of docs/security.md as it is written there, with the programs where the host has them. */
async function documentedSudoers(host: Host): Promise<string> {
  const [, file] = /```sudoers\n([\s\S]*?)```/.exec(readFileSync("docs/security.md", "utf8")) ?? [];
  const { stdout } = await host.run(["sh", "-c", "ls -d /bin/*"]);
  if ((await host.run(["readlink", "-f", "/bin"])).stdout.trim() === "/usr/bin") return file!;
  const inBin = new Set(stdout.trim().split("\n"));
  return file!.replaceAll(/\/usr(\/bin\/\w+)/g, (path, short) => (inBin.has(short) ? short : path));
}

describe("a user who is not root, on a real host", function () {
  this.timeout(180_000);
  let lab: Lab;
  let root: Host;
  let pool: ConnectionPool;
  let address: string;

  before(async () => {
    lab = await startLab();
    ({ address } = lab.host(1));
    pool = new ConnectionPool();
    root = await pool.host(connectionTo(lab), soon());
    await root.run(["sh", "-c", "id deploy 2>/dev/null || useradd --create-home --shell /bin/sh deploy"]);
    await root.run(["install", "-d", "-o", "deploy", "-m", "700", "/home/deploy/.ssh"]);
    await root.run(["install", "-o", "deploy", "/root/.ssh/authorized_keys", "/home/deploy/.ssh/authorized_keys"]);
    await root.run(["chpasswd"], { input: `deploy:${password}\n` });
    await root.run(["systemctl", "start", "docker"]);
  });
  afterEach(async () => {
    await root.removeFile("/etc/sudoers.d/crosshost");
    await root.run([
      "sh",
      "-c",
      "deluser -q deploy docker 2>/dev/null || gpasswd -d deploy docker 2>/dev/null || true",
    ]);
  });
  after(async () => {
    await pool.close();
    await tearDown(lab);
  });

  const allow = (sudoers: string) => root.writeFile("/etc/sudoers.d/crosshost", sudoers, { mode: 0o440 });

  /** As the user of this connection, and in a session of its own: groups and sudo's ways are found out anew. */
  async function as<T>(changed: Partial<Connection>, work: (host: Host, connection: Connection) => Promise<T>) {
    const own = new ConnectionPool();
    try {
      const connection = connectionTo(lab, { user: "deploy", ...changed });
      return await work(await own.host(connection, soon()), connection);
    } finally {
      await own.close();
    }
  }

  const refusals: [string, string, Partial<Connection>, string, RegExp][] = [
    ["is not in sudoers", "# nobody\n", {}, "sudo asks deploy for a password", /give `connection.password`/],
    ["is not in sudoers and has a password", "# nobody\n", { password }, "deploy is not in sudoers", /docs\/security/],
    ["is asked for a password", "deploy ALL=(ALL) ALL\n", {}, "sudo asks deploy for a password", /NOPASSWD/],
    [
      "has another password",
      "deploy ALL=(ALL) ALL\n",
      { password: "wrong" },
      "sudo does not take the password of deploy",
      /the one that sudo asks for/,
    ],
    [
      "needs a terminal",
      "Defaults:deploy requiretty\ndeploy ALL=(ALL) NOPASSWD: ALL\n",
      {},
      "sudo wants a terminal for deploy (requiretty), and there is none",
      /!requiretty/,
    ],
  ];
  for (const [what, sudoers, changed, reason, hint] of refusals) {
    it(`and ${what} is told so, with nothing done`, async () => {
      await allow(sudoers);
      await as(changed, async (host) => {
        await assert.rejects(host.requireRoot("change docker.service"), (error: Error & { hint: string }) => {
          assert.equal(error.message, `host ${address}: cannot change docker.service: that needs root, and ${reason}`);
          assert.match(error.hint, hint);
          return true;
        });
        await assert.rejects(host.writeFile("/etc/crosshost-test", "x"), { code: "no-permission" });
        assert.equal(await root.readFile("/etc/crosshost-test"), undefined);
      });
    });
  }

  for (const [what, sudoers, changed] of [
    ["by sudo", "deploy ALL=(ALL) NOPASSWD: ALL\n", {}],
    ["by sudo with a password", "deploy ALL=(ALL) ALL\n", { password }],
    [
      "by sudo with a password, which one command does not ask for",
      "deploy ALL=(ALL) ALL, NOPASSWD: /usr/bin/id\n",
      { password },
    ],
  ] as const) {
    it(`writes files and asks the engine ${what}`, async () => {
      await allow(sudoers);
      await as(changed, async (host) => {
        await host.writeFile("/etc/crosshost-test", "first\n", { mode: 0o600 });
        await host.writeFile("/etc/crosshost-test", `${password}\nsecond\n`);
        const file = (await host.readFile("/etc/crosshost-test"))!;
        assert.deepEqual([file.content.toString(), file.mode, file.uid], [`${password}\nsecond\n`, 0o600, 0]);
        assert.equal((await host.run(["id", "-u"], { asRoot: true })).stdout, "0\n");
        assert.equal((await host.run(["cat"], { asRoot: true, input: "given" })).stdout, "given");
        assert.equal((await host.run(["id", "-un"])).stdout, "deploy\n");
        await assert.rejects(host.run(["ls", "/nowhere"], { asRoot: true }), {
          code: "command-failed",
          message: /^host \S+: ls \/nowhere: exit code 2: .*No such file or directory$/,
        });
        await host.removeFile("/etc/crosshost-test");
        assert.equal(await root.readFile("/etc/crosshost-test"), undefined);
        const docker = DockerClient.of(host);
        assert.equal((await docker.engine.info()).Name, "host1");
        const infos = await Promise.all(Array.from({ length: 20 }, () => docker.engine.info()));
        assert.equal(infos.length, 20);
      });
    });
  }

  it("has its password in no process list and no file while sudo runs", async () => {
    await allow("deploy ALL=(ALL) ALL\n");
    await as({ password }, async (host) => {
      const sleeping = host.run(["sleep", "3"], { asRoot: true });
      await host.run(["id"], { asRoot: true });
      const { stdout } = await root.run(["sh", "-c", "ps -eo args; cat /proc/[0-9]*/environ | tr '\\0' '\\n'"]);
      assert.match(stdout, /sudo -k -S -p crosshost-password-\w+: -- sh -c .* sleep 3/);
      assert.ok(!stdout.includes("Tr0ub4dor"));
      await sleeping;
      const { stdout: journal } = await root.run([
        "sh",
        "-c",
        "journalctl --no-pager; cat /var/log/auth.log 2>/dev/null || true",
      ]);
      assert.ok(!journal.includes("Tr0ub4dor"));
    });
  });

  it("in the group docker asks the engine, and is told what needs root", async () => {
    await root.run(["usermod", "-aG", "docker", "deploy"]);
    await as({}, async (host) => {
      assert.equal((await DockerClient.of(host).engine.info()).Name, "host1");
      await assert.rejects(host.requireRoot("change docker.service"), { code: "no-permission" });
    });
  });

  it("who may not use the socket is told so", () =>
    as({}, (host) =>
      assert.rejects(DockerClient.of(host).networks.create({ Name: "net" }), {
        code: "no-permission",
        message: `host ${address}: create network "net": deploy may not use /var/run/docker.sock; sudo asks deploy for a password`,
      }),
    ));

  const WAYS = [{}, { apply: "restart", bootRepair: true }, { via: "daemonJson" }];
  for (const [how, sudoers, changed, ways] of [
    ["the documented sudoers file alone", documentedSudoers, {}, WAYS],
    // A sudo that lets through everything: that it does is the same for all ways.
    ["a sudo that asks for a password", () => "deploy ALL=(ALL) ALL\n", { password }, WAYS.slice(0, 1)],
  ] as const) {
    it(`brings about a store and a member and takes them away by ${how}`, async () => {
      await allow(await sudoers(root));
      await root.run(["visudo", "-cf", "/etc/sudoers.d/crosshost"]);
      const etc = async () =>
        (await root.run(["sh", "-c", "find /etc -xdev -printf '%p %m %u %s %T@\\n' | sort"])).stdout;
      await root.run(["rm", "-rf", "/etc/systemd/system/docker.service.d"]);
      const before = await etc();
      const authority = await Authority.create();
      const tls = await authority.issue([`IP:${address}`]);
      await authority.remove();
      await as(changed, async (host, connection) => {
        const run = new RunContext({
          host: async () => host,
          docker: (host) => DockerClient.of(host),
          say: () => {},
        });
        const task = () => ({ run, deadline: new Deadline(90_000), touching() {} });
        const owner = "test/test/store";
        const storeInputs = kvStore.check(
          {},
          { owner, name: "store", kind: "consul", servers: [{ address }], connections: [connection], tls },
          run,
        ).inputs as KVStoreInputs;
        const store = await kvStore.create(storeInputs, task());
        const news = {
          owner: "test/test/member",
          connection,
          clusterStore: store.url,
          clusterAdvertise: `${address}:2376`,
          tls,
        };
        for (const way of ways) {
          const memberInputs = clusterMember.check({}, { ...news, ...way }, run).inputs as ClusterMemberInputs;
          const member = await clusterMember.create(memberInputs, task());
          assert.equal(member.advertisedAddress, `${address}:2376`);
          assert.deepEqual(await clusterMember.read(member, task()), member);
          await clusterMember.delete(member, task());
        }
        await kvStore.delete(store, task());
      });
      const strip = (text: string) => text.replace(/ \d+ [\d.]+$/gm, "");
      assert.equal(strip(await etc()), strip(before));
    });
  }

  for (const [how, sudoers, changed] of [
    ["the documented sudoers file alone", documentedSudoers, {}],
    ["a sudo that asks for a password", () => "deploy ALL=(ALL) ALL\n", { password }],
  ] as const) {
    it(`makes a LAN with the host's own way to its containers and takes it away by ${how}`, async () => {
      await allow(await sudoers(root));
      const etc = async () =>
        (await root.run(["sh", "-c", "find /etc -xdev -printf '%p %m %u %s %l\\n' | sort"])).stdout;
      const before = await etc();
      await as(changed, async (host, connection) => {
        const run = new RunContext({ host: async () => host, docker: (host) => DockerClient.of(host), say: () => {} });
        const task = () => ({ run, deadline: new Deadline(90_000), touching() {} });
        const subnet = `${address.replace(/\.\d+$/, "")}.0/24`;
        const { inputs, failures } = macvlanNetwork.check(
          {},
          {
            ...{ owner: "test/test/lan", name: "lan", connections: [connection], hosts: [{ parent: "eth0" }] },
            ...{ ipamConfigs: [{ subnet }], hostAccess: true },
          },
          run,
        );
        assert.deepEqual(failures, []);
        const lan = await macvlanNetwork.create(inputs, task());
        const { ipRange } = Object.values(lan.plan)[0]!;
        assert.match((await root.run(["ip", "route"])).stdout, new RegExp(`^${ipRange} dev shim-`, "m"));
        assert.deepEqual(await macvlanNetwork.read(lan, task()), lan);
        await macvlanNetwork.delete(lan, task());
      });
      assert.equal(await etc(), before);
    });
  }

  it("may do nothing else by that file", async () => {
    await allow(await documentedSudoers(root));
    await as({}, async (host) => {
      await assert.rejects(host.run(["id"], { asRoot: true }), { code: "no-permission" });
      await assert.rejects(host.writeFile("/etc/crosshost-test", "x"), { code: "no-permission" });
    });
  });
});
