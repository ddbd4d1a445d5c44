import assert from "node:assert/strict";
import type { Lab } from "../../../lab";
import { DockerClient } from "../../../provider/docker/client";
import { container } from "../../../provider/resources/container";
import type { ContainerInputs } from "../../../provider/resources/container/inputs";
import { RunContext } from "../../../provider/run/context";
import type { Host } from "../../../provider/ssh/host";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";
import { connectionTo, startLab, tearDown } from "./lab";

const soon = () => new Deadline(60_000);
const ran = "/tmp/crosshost-was-run";

/** What a shell, or whoever else lies on the way, might take for something to do. */
const words = [
  `$(touch ${ran})`,
  `\`touch ${ran}\``,
  `; touch ${ran} #`,
  `'; touch ${ran}; '`,
  `\\'; touch ${ran}; '\\`,
  `a\ntouch ${ran}\nb`,
  'it\'s "quoted" \\ twice\\\\',
  "-rf",
  "--privileged",
  "--",
  "",
  " ",
  "*",
  "~",
  "!!",
  "%s%n",
  "ünïcode ☃ \u{1f600} \u2028",
  "\t\r\u001b[31m\u007f",
];

describe("hostile words on a real host", function () {
  this.timeout(120_000);
  let lab: Lab;
  let pool: ConnectionPool;
  let root: Host;

  before(async () => {
    lab = await startLab();
    pool = new ConnectionPool();
    root = await pool.host(connectionTo(lab), soon());
    await root.run(["rm", "-f", ran]);
  });
  after(async () => {
    const { exitCode } = await root.run(["test", "-e", ran], { allowedExitCodes: [0, 1] });
    await pool.close();
    await tearDown(lab);
    assert.equal(exitCode, 1, "a command was run");
  });

  for (const shell of ["/bin/sh", "/bin/bash"]) {
    it(`are taken literally by a user with the login shell ${shell}`, async () => {
      await root.run(["sh", "-c", "id plain 2>/dev/null || useradd --create-home plain"]);
      await root.run(["usermod", "--shell", shell, "plain"]);
      await root.run(["install", "-d", "-o", "plain", "-m", "700", "/home/plain/.ssh"]);
      await root.run(["install", "-o", "plain", "/root/.ssh/authorized_keys", "/home/plain/.ssh/authorized_keys"]);
      const own = new ConnectionPool();
      const host = await own.host(connectionTo(lab, { user: "plain" }), soon());
      const { stdout } = await host.run(["printf", "%s\\0", ...words]);
      await own.close();
      assert.deepEqual(stdout.split("\0").slice(0, -1), words);
    });
  }

  it("are taken literally in the paths of files", async () => {
    const folder = `/root/it's $(touch ${ran}); \\ \n-rf`;
    await root.run(["mkdir", "-p", "--", folder]);
    for (const word of words.filter((word) => /^[^/]+$/.test(word.replaceAll(ran, "x")))) {
      const path = `${folder}/${word.replaceAll(ran, "x")}`;
      await root.writeFile(path, word);
      assert.equal((await root.readFile(path))?.content.toString(), word);
      await root.removeFile(path);
      assert.equal(await root.readFile(path), undefined);
    }
    await root.run(["rmdir", "--", folder]);
  });

  it("are taken literally in a container's labels, environment and command, up to 100 kB", async () => {
    const run = new RunContext({
      host: async () => root,
      docker: (host, _connection, deadline) => DockerClient.of(host).within(deadline),
      say: () => {},
    });
    const task = () => ({ run, deadline: new Deadline(90_000), touching() {} });
    const long = words.join("").repeat(1000).slice(0, 100_000);
    const labels = Object.fromEntries([...words.filter(Boolean), long].map((word, i) => [`${i} ${word}`, word]));
    const envs = words.map((word, i) => `V${i}=${word}`).sort();
    const command = ["sh", "-c", 'printf "%s\\0" "$@"; printf "%s" "$V0"', "sh", ...words];
    const given = { owner: "test/test/hostile", connection: connectionTo(lab), name: "hostile", image: "busybox:1.35" };
    const { inputs, failures } = container.check({}, { ...given, labels, envs, command, mustRun: false }, run);
    assert.deepEqual(failures, []);
    const state = await container.create(inputs as ContainerInputs, task());
    await root.run(["docker", "start", "--attach", "hostile"]);
    const { stdout } = await root.run(["docker", "inspect", "hostile"]);
    const [{ Config }] = JSON.parse(stdout) as [{ Config: { Labels: object; Env: string[]; Cmd: string[] } }];
    assert.deepEqual(Config.Cmd, command);
    for (const env of envs) assert.ok(Config.Env.includes(env), env);
    for (const [name, value] of Object.entries(labels)) {
      assert.equal((Config.Labels as Record<string, string>)[name], value);
    }
    const { stdout: printed } = await root.run(["docker", "logs", "hostile"]);
    assert.ok(printed.startsWith(`${words.join("\0")}\0`));
    assert.ok(printed.endsWith(words[0]!));
    assert.equal(container.diff((await container.read(state, task()))!, inputs as ContainerInputs).changes, false);
    await container.delete(state, task());
  });

  it("are refused in names", () => {
    const { run } = { run: new RunContext({ host: () => assert.fail(), docker: () => assert.fail(), say() {} }) };
    for (const name of words) {
      const news = { owner: "test/test/hostile", connection: connectionTo(lab), name, image: "busybox:1.35" };
      const { failures } = container.check({}, news, run);
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["name"],
        name,
      );
    }
  });
});
