import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { DockerClient } from "../../../provider/docker/client";
import { unlessNotFound } from "../../../provider/docker/errors";
import { CrosshostError, describeError, type ErrorCode } from "../../../provider/errors";
import { Deadline } from "../../../provider/wait";
import { FakeEngine } from "./fakeEngine";

describe("DockerClient", () => {
  let engine: FakeEngine;
  let docker: DockerClient;

  beforeEach(async () => {
    engine = await FakeEngine.start();
    docker = DockerClient.of(engine);
  });
  afterEach(() => engine.stop());

  async function fails(call: Promise<unknown>, code: ErrorCode, message: string): Promise<void> {
    const error: unknown = await call.then(
      () => undefined,
      (error) => error,
    );
    assert.ok(error instanceof CrosshostError, String(error));
    assert.equal(describeError(error), message);
    assert.equal(error.code, code);
  }

  it("is one for each host", () => {
    assert.equal(DockerClient.of(engine), docker);
  });

  it("speaks the engine's own API version, asked once", async () => {
    await Promise.all([docker.networks.list(), docker.networks.list(), docker.engine.ping()]);
    assert.deepEqual(engine.asked.map(({ path }) => path).sort(), [
      "/v1.41/_ping",
      "/v1.41/networks",
      "/v1.41/networks",
    ]);
    assert.equal(await docker.engine.apiVersion(), "1.41");
  });

  it("speaks its own newest version with a newer engine", async () => {
    engine.version = { Version: "99.0", ApiVersion: "1.99", MinAPIVersion: "1.44" };
    assert.equal(await docker.engine.apiVersion(), "1.48");
  });

  it("refuses an engine that speaks only newer ones, and asks again the next time", async () => {
    engine.version = { Version: "99.0", ApiVersion: "1.99", MinAPIVersion: "1.60" };
    await fails(
      docker.networks.list(),
      "unsupported",
      "host 10.77.0.1: Docker 99.0 speaks no API older than 1.60; 1.48 is the newest known here (a newer pulumi-crosshost may know it)",
    );
    engine.version = { Version: "20.10.5", ApiVersion: "1.41", MinAPIVersion: "1.12" };
    assert.equal(await docker.engine.apiVersion(), "1.41");
  });

  it("asks again about a network that was there a moment before, and only then", async () => {
    let misses = 1;
    const unseen = { status: 404, body: { message: "network ov not found" } };
    engine.answer = ({ path }) => (path.endsWith("connect") && misses-- > 0 ? unseen : {});
    await docker.networks.disconnect("ov", "web", { known: true });
    misses = 1;
    await docker.networks.connect("ov", "web", undefined, { known: true });
    misses = 1;
    const what = 'host 10.77.0.1: disconnect container "web" from network "ov": network ov not found';
    await fails(docker.networks.disconnect("ov", "web"), "not-found", what);
  });

  it("keeps channels open for the next requests", async () => {
    for (let i = 0; i < 5; i++) await docker.networks.list();
    assert.equal(engine.channels, 1);
  });

  it("makes no more than twelve requests at once", async () => {
    engine.answer = () => new Promise((resolve) => setTimeout(() => resolve({}), 20));
    await Promise.all(Array.from({ length: 50 }, () => docker.engine.info()));
    assert.equal(engine.mostRunning, 12);
  });

  it("asks again when kept channels turn out to be dead", async () => {
    await Promise.all([docker.networks.list(), docker.networks.list(), docker.networks.list()]);
    engine.cut();
    engine.answer = () => ({ body: [{ Name: "there" }] });
    assert.deepEqual(await docker.networks.list(), [{ Name: "there" }]);
  });

  it("does nothing twice: a lost channel is an error where something is done", async () => {
    await docker.networks.list();
    engine.asked.length = 0;
    engine.answer = () => (response) => response.destroy();
    await fails(
      docker.networks.create({ Name: "lan" }),
      "connection-lost",
      'host 10.77.0.1: create network "lan": the connection to the Docker engine was lost (run it again: what is already there is found)',
    );
    assert.equal(engine.asked.length, 1);
  });

  it("says what it was doing when the SSH connection is lost", async () => {
    engine.refuse("connection-lost");
    await fails(
      docker.engine.info(),
      "connection-lost",
      "host 10.77.0.1: ask for the engine's state: the SSH connection was lost (run it again: what is already there is found)",
    );
  });

  for (const [what, status, reason, code] of [
    ["a thing that is not there", 404, "network lan not found", "not-found"],
    ["a name that is taken", 409, "network with name lan already exists", "conflict"],
    [
      "a container's name that is taken",
      409,
      'Conflict. The container name "/web" is already in use by container "1234".',
      "conflict",
    ],
    ["a network with endpoints", 403, "error while removing network: network lan id 12 has active endpoints", "in-use"],
    ["a volume in use", 409, "remove data: volume is in use - [12]", "in-use"],
    ["an address in use", 403, "Address already in use", "in-use"],
    ["a container that is not attached", 403, "container 12 is not connected to network lan", "not-found"],
    ["a pool that overlaps", 403, "Pool overlaps with other one on this address space", "docker-refused"],
    ["its own failure", 500, "This node is not a swarm manager.\nTry again.", "docker-refused"],
  ] as const) {
    it(`gives Docker's own words for ${what}`, async () => {
      engine.answer = () => ({ status, body: { message: reason } });
      const words = reason.replace("\n", "; ");
      await fails(docker.networks.remove("lan"), code, `host 10.77.0.1: remove network "lan": ${words}`);
    });
  }

  it("gives an answer that is not JSON, or none, as it is", async () => {
    engine.answer = () => (response) => response.writeHead(502).end("<bad gateway>\n");
    await fails(docker.engine.info(), "docker-refused", "host 10.77.0.1: ask for the engine's state: <bad gateway>");
    engine.answer = () => ({ status: 503 });
    await fails(docker.engine.info(), "docker-refused", "host 10.77.0.1: ask for the engine's state: status 503");
  });

  it("takes no answer for absence that is not the engine's word on the thing", async () => {
    for (const answer of [
      () => ({ status: 404, body: { message: "page not found" } }),
      () => (response: ServerResponse) => void response.writeHead(404).end("<h1>404 page not found</h1>"),
      () => ({ status: 404 }),
    ]) {
      engine.answer = answer;
      await assert.rejects(unlessNotFound(docker.networks.inspect("lan")), { code: "docker-refused" });
    }
  });

  it("takes no engine without a version for one whose things are gone", async () => {
    const hint = "(is it really a Docker engine that answers at /var/run/docker.sock?)";
    engine.version = () => ({ status: 404, body: { message: "no such thing" } });
    await fails(
      unlessNotFound(docker.networks.inspect("lan")),
      "unsupported",
      `host 10.77.0.1: ask for the engine's version: no such thing ${hint}`,
    );
    for (const nonsense of [null, {}, { ApiVersion: "1/../2" }, { ApiVersion: 1 }, { ApiVersion: "" }]) {
      engine.version = () => ({ body: nonsense });
      await fails(
        unlessNotFound(docker.networks.inspect("lan")),
        "unsupported",
        "host 10.77.0.1: what answers says no API version: it is no Docker engine",
      );
    }
  });

  it("gives up at the deadline of who asks, also what a hung engine has begun to answer", async () => {
    engine.answer = ({ path }) => {
      if (path.endsWith("/containers/web/exec")) return { status: 201, body: { Id: "e1" } };
      return (response) => void (path.endsWith("/networks") || response.writeHead(200).write("{"));
    };
    const hung = docker.within(new Deadline(6_000));
    const notDone = "the Docker engine is not done with it after 6 s (`timeouts` can give it longer)";
    const given = (call: Promise<unknown>, message: string) => fails(call, "timed-out", `host 10.77.0.1: ${message}`);
    await Promise.all([
      given(hung.containers.stop("web"), `stop container "web": ${notDone}`),
      given(hung.containers.wait("web"), `wait for container "web": ${notDone}`),
      given(hung.images.pull("busybox:1.35"), `pull image "busybox:1.35": ${notDone}`),
      given(hung.containers.exec("web", ["id"]), `run id in container "web": ${notDone}`),
      // Whoever is late may still ask why.
      given(
        docker.within(new Deadline(0)).networks.list(),
        "list networks: the Docker engine has not answered for 5 s (does `docker ps` on that host answer?)",
      ),
    ]);
  }).timeout(30_000);

  it("knows absence from other failures", async () => {
    engine.answer = () => ({ status: 404, body: { message: "no such network" } });
    assert.equal(await unlessNotFound(docker.networks.inspect("lan")), undefined);
    engine.answer = () => ({ status: 500, body: { message: "broken" } });
    await assert.rejects(unlessNotFound(docker.networks.inspect("lan")), { code: "docker-refused" });
  });

  for (const [what, look, code, message] of [
    [
      "Docker is stopped",
      "Socket=missing\nLoadState=loaded\nActiveState=inactive\n",
      "docker-not-there",
      "no Docker engine answers on /var/run/docker.sock; docker.service is inactive (start it: systemctl start docker)",
    ],
    [
      "Docker does not come up",
      "Socket=unserved\nLoadState=loaded\nActiveState=failed\n",
      "docker-not-there",
      "no Docker engine answers on /var/run/docker.sock; docker.service is failed (systemctl status docker on the host says why)",
    ],
    [
      "Docker is not installed",
      "Socket=missing\nLoadState=not-found\nActiveState=inactive\n",
      "docker-not-there",
      "no Docker engine answers on /var/run/docker.sock (install Docker on the host)",
    ],
    [
      "there is no systemd",
      "Socket=missing\n",
      "docker-not-there",
      "no Docker engine answers on /var/run/docker.sock (is Docker installed and running?)",
    ],
    [
      "the engine listens elsewhere",
      "Socket=missing\nLoadState=loaded\nActiveState=active\n",
      "docker-not-there",
      "no Docker engine answers on /var/run/docker.sock; docker.service is active (does it listen there? `connection.dockerSocketPath` says where else)",
    ],
    [
      "there is only a rootless engine",
      "Socket=missing\nRootless=/run/user/1000/docker.sock\nLoadState=not-found\n",
      "unsupported",
      "no Docker engine answers on /var/run/docker.sock, only a rootless one on /run/user/1000/docker.sock (a rootless engine makes no overlay and macvlan networks; install Docker as root's service)",
    ],
    [
      "sshd forwards no sockets, and there is no docker command",
      "Socket=served\nLoadState=loaded\nActiveState=active\n",
      "no-permission",
      "sshd does not forward /var/run/docker.sock, and there is no docker command to reach it by (sshd's AllowStreamLocalForwarding must be yes on the host, or the docker command be installed there)",
    ],
    [
      "the user may not use the socket",
      "Socket=denied\nCommand=docker\nLoadState=loaded\nActiveState=active\n",
      "no-permission",
      "admin may not use /var/run/docker.sock; admin is not in sudoers (connect as root, or as a user in the group docker, or allow it in sudoers)",
    ],
  ] as const) {
    it(`says that ${what}`, async () => {
      engine.refuse();
      engine.look = look;
      await fails(docker.networks.create({ Name: "lan" }), code, `host 10.77.0.1: create network "lan": ${message}`);
      await fails(docker.engine.ping(), code, `host 10.77.0.1: ask whether Docker is there: ${message}`);
    });
  }

  describe("where sshd does not open the socket", () => {
    const dial = "docker -H unix:///var/run/docker.sock system dial-stdio";

    it("goes by the docker command, a channel for each request", async () => {
      engine.refuse();
      engine.look = "Socket=served\nCommand=docker\n";
      engine.answer = () => ({ body: [] });
      for (let i = 0; i < 3; i++) assert.deepEqual(await docker.networks.list(), []);
      assert.deepEqual(engine.commands, [dial, dial, dial, dial]);
    });

    it("says that the engine is not there when the docker command does not reach it", async () => {
      engine.refuse();
      engine.look = "Socket=served\nCommand=docker\n";
      await docker.engine.ping();
      const command = `host 10.77.0.1: ${dial}: exit code 1`;
      engine.failCommands(`${command}: failed to open the raw stream connection: dial unix: connection refused`);
      await fails(
        docker.networks.list(),
        "connection-lost",
        "host 10.77.0.1: list networks: the connection to the Docker engine was lost (run it again: what is already there is found)",
      );
      engine.look = "Socket=unserved\nCommand=docker\nLoadState=loaded\nActiveState=inactive\n";
      await fails(
        docker.networks.create({ Name: "lan" }),
        "docker-not-there",
        'host 10.77.0.1: create network "lan": no Docker engine answers on /var/run/docker.sock; docker.service is inactive (start it: systemctl start docker)',
      );
      engine.look = "Socket=served\nCommand=docker\n";
      engine.failCommands(`${command}: docker: 'system dial-stdio' is not a docker command.`);
      await fails(
        docker.networks.list(),
        "docker-not-there",
        "host 10.77.0.1: list networks: sshd does not forward /var/run/docker.sock, and the docker command there cannot reach it either: exit code 1: docker: 'system dial-stdio' is not a docker command. (it must be of Docker 18.09 or later; or sshd's AllowStreamLocalForwarding be yes)",
      );
    });

    it("goes by sudo where only root may open it", async () => {
      engine.refuse();
      engine.look = "Socket=denied\nCommand=docker\n";
      engine.maySudo = true;
      await docker.engine.ping();
      assert.deepEqual(engine.commands, [`sudo ${dial}`, `sudo ${dial}`]);
    });

    it("finds out once for all who ask", async () => {
      engine.refuse();
      engine.look = "Socket=served\nCommand=docker\n";
      await Promise.all(Array.from({ length: 10 }, () => docker.engine.ping()));
      assert.equal(engine.looks, 1);
    });
  });

  it("refuses a rootless engine, and Podman", async () => {
    engine.version = {
      Version: "20.10.5",
      ApiVersion: "1.41",
      Components: [{ Name: "Engine" }, { Name: "rootlesskit" }],
    };
    await fails(
      docker.networks.list(),
      "unsupported",
      "host 10.77.0.1: the engine is rootless, and a rootless engine makes no overlay and macvlan networks (install Docker as root's service, and give its socket as `dockerSocketPath`)",
    );
    engine.version = { Version: "5.0", ApiVersion: "1.41", Components: [{ Name: "Podman Engine" }] };
    await fails(docker.networks.list(), "unsupported", "host 10.77.0.1: what answers is Podman, not a Docker engine");
  });

  it("asks at another socket where one is given", async () => {
    await fails(
      DockerClient.of(engine, "/srv/docker.sock")
        .engine.ping()
        .then(
          () => undefined,
          (error) => {
            throw new CrosshostError(error.message, { code: "refused" });
          },
        ),
      "refused",
      "nobody listens on /srv/docker.sock",
    );
  });
});
