import assert from "node:assert/strict";
import type { Lab } from "../../../lab";
import { DockerClient } from "../../../provider/docker/client";
import { unlessNotFound } from "../../../provider/docker/errors";
import { describeError } from "../../../provider/errors";
import type { Host } from "../../../provider/ssh/host";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";
import { connectionTo, startLab, tearDown } from "./lab";

const image = "busybox:1.35";

describe("a real engine over SSH", function () {
  this.timeout(120_000);
  let lab: Lab;
  let pool: ConnectionPool;
  let host: Host;
  let docker: DockerClient;

  before(async () => {
    lab = await startLab();
    pool = new ConnectionPool();
    host = await pool.host(connectionTo(lab), new Deadline(30_000));
    docker = DockerClient.of(host);
  });
  after(async () => {
    await pool.close();
    await tearDown(lab);
  });

  /** systemd gives up on a service that starts more than three times a minute, unless told that it is meant. */
  async function systemctl(verb: string, ...units: string[]): Promise<void> {
    await host.run(["systemctl", "reset-failed", "docker"]);
    await host.run(["systemctl", verb, ...units]);
  }

  it("agrees on its own API version", async () => {
    const { Version, ApiVersion } = await docker.engine.version();
    assert.match(Version, /^20\.10\.5/);
    assert.equal(await docker.engine.apiVersion(), ApiVersion);
    assert.equal((await docker.engine.info()).Name, "host1");
  });

  it("answers a hundred requests at once", async () => {
    const infos = await Promise.all(Array.from({ length: 100 }, () => docker.engine.info()));
    assert.equal(infos.length, 100);
  });

  it("pulls an image, telling how far it is", async () => {
    const seen: string[] = [];
    await docker.images.pull(image, { onProgress: ({ status }) => seen.push(status) });
    assert.ok(seen.length > 0);
    assert.deepEqual((await docker.images.inspect(image)).RepoTags, [image]);
  });

  it("makes a network and a container, runs commands in it, and removes both", async () => {
    const network = { Name: "net", IPAM: { Config: [{ Subnet: "10.9.0.0/24" }] }, Labels: { mine: "yes" } };
    await docker.networks.create(network);
    await assert.rejects(docker.networks.create(network), { code: "conflict" });
    assert.deepEqual(
      (await docker.networks.list({ label: ["mine=yes"] })).map(({ Name }) => Name),
      ["net"],
    );
    const EndpointsConfig = { net: { IPAMConfig: { IPv4Address: "10.9.0.9" }, Aliases: ["w"] } };
    const Cmd = ["sh", "-c", "echo out; echo err >&2; exec sleep 1000"];
    const config = { Image: image, Cmd, HostConfig: { NetworkMode: "net" }, NetworkingConfig: { EndpointsConfig } };
    await docker.containers.create("web", config);
    await assert.rejects(docker.containers.create("web", config), { code: "conflict" });
    await docker.containers.start("web");
    await docker.containers.start("web");
    assert.equal((await docker.containers.inspect("web")).NetworkSettings.Networks.net?.IPAddress, "10.9.0.9");
    assert.deepEqual(
      await docker.containers.exec("web", ["sh", "-c", "echo $A; echo ho >&2; exit 3"], { env: ["A=hi"] }),
      {
        stdout: "hi\n",
        stderr: "ho\n",
        exitCode: 3,
      },
    );
    assert.deepEqual((await docker.containers.logs("web")).split("\n").sort(), ["", "err", "out"]);
    await assert.rejects(docker.networks.remove("net"), { code: "in-use" });
    const waiting = docker.containers.wait("web");
    await docker.containers.stop("web", 0);
    assert.equal(await waiting, 137);
    await docker.networks.disconnect("net", "web", { force: true });
    await assert.rejects(docker.networks.disconnect("net", "web"), { code: "not-found" });
    await docker.containers.remove("web", { force: true, volumes: true });
    await docker.networks.remove("net");
    assert.equal(await unlessNotFound(docker.containers.inspect("web")), undefined);
    assert.equal(await unlessNotFound(docker.networks.inspect("net")), undefined);
  });

  it("runs thirty commands in containers at once", async () => {
    await docker.containers.create("busy", {
      Image: image,
      Cmd: ["sleep", "1000"],
      HostConfig: { NetworkMode: "none" },
    });
    await docker.containers.start("busy");
    const runs = await Promise.all(
      Array.from({ length: 30 }, (_, i) => docker.containers.exec("busy", ["echo", String(i)])),
    );
    assert.deepEqual(
      runs.map(({ stdout }) => stdout),
      Array.from({ length: 30 }, (_, i) => `${i}\n`),
    );
    await docker.containers.remove("busy", { force: true });
  });

  it("is asked again on fresh channels after a restart", async () => {
    await Promise.all(Array.from({ length: 8 }, () => docker.networks.list()));
    await systemctl("restart", "docker");
    assert.ok((await docker.networks.list()).length > 0);
    await systemctl("restart", "docker");
    await docker.volumes.create({ Name: "data" });
    await docker.volumes.remove("data");
  });

  it("that is stopped is said to be", async () => {
    await systemctl("stop", "docker.socket", "docker.service");
    await assert.rejects(docker.networks.list(), (error) => {
      assert.equal(
        describeError(error),
        `host ${lab.host(1).address}: list networks: no Docker engine answers on /var/run/docker.sock; docker.service is inactive (start it: systemctl start docker)`,
      );
      return true;
    });
    await systemctl("start", "docker");
    await docker.engine.ping();
  });

  it("that the user may not use says so", async () => {
    await host.run(["sh", "-c", "id other 2>/dev/null || useradd --create-home --shell /bin/sh other"]);
    await host.run(["install", "-d", "-o", "other", "-m", "700", "/home/other/.ssh"]);
    await host.run(["install", "-o", "other", "/root/.ssh/authorized_keys", "/home/other/.ssh/authorized_keys"]);
    const other = DockerClient.of(await pool.host(connectionTo(lab, { user: "other" }), new Deadline(30_000)));
    await assert.rejects(other.networks.create({ Name: "net" }), {
      code: "no-permission",
      message: `host ${lab.host(1).address}: create network "net": other may not use /var/run/docker.sock; sudo asks other for a password`,
    });
  });

  it("is known to be lost when the SSH connection is", async () => {
    const own = new ConnectionPool();
    const doomed = await own.host(connectionTo(lab, { dialErrorLimit: 1 }), new Deadline(30_000));
    const client = DockerClient.of(doomed);
    await Promise.all([client.networks.list(), client.networks.list()]);
    const session = await doomed.start(["sh", "-c", "echo $PPID; cat"]);
    await host.run(["kill", "-9", await session.nextLine()]);
    await assert.rejects(session.finish(), { code: "connection-lost" });
    await assert.rejects(client.networks.list(), {
      code: "connection-lost",
      message: `host ${lab.host(1).address}: list networks: the SSH connection was lost`,
    });
    await own.close();
  });
});
