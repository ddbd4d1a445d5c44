import assert from "node:assert/strict";
import { DockerClient } from "../../../provider/docker/client";
import { type Answer, type Asked, FakeEngine } from "./fakeEngine";

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe("calls to the engine", () => {
  let engine: FakeEngine;
  let docker: DockerClient;

  beforeEach(async () => {
    engine = await FakeEngine.start();
    docker = DockerClient.of(engine);
  });
  afterEach(() => engine.stop());

  async function asks(call: Promise<unknown>, method: string, path: string, body?: unknown): Promise<void> {
    await call;
    const { headers: _, ...asked } = engine.asked.pop()!;
    assert.deepEqual(asked, { method, path: `/v1.41${path}`, body });
  }

  it("name what they are about", async () => {
    engine.answer = () => ({ body: { Id: "1", Name: "a/b" } });
    await asks(docker.networks.inspect("a/b"), "GET", "/networks/a/b");
    await asks(docker.networks.remove("lan"), "DELETE", "/networks/lan");
    await asks(docker.containers.start("web"), "POST", "/containers/web/start");
    await asks(
      docker.containers.remove("web", { force: true, volumes: true }),
      "DELETE",
      "/containers/web?force=true&v=true",
    );
    await asks(docker.containers.remove("web"), "DELETE", "/containers/web");
    await asks(docker.containers.stop("web", 0), "POST", "/containers/web/stop?t=0");
    await asks(docker.volumes.remove("data"), "DELETE", "/volumes/data");
  });

  it("find what has that name or id, and nothing whose id begins with it", async () => {
    const id = "ad".repeat(32);
    for (const [inspect, Name] of [
      [(reference: string) => docker.networks.inspect(reference), "lan"],
      [(reference: string) => docker.containers.inspect(reference), "/lan"],
    ] as const) {
      engine.answer = () => ({ body: { Id: id, Name } });
      assert.deepEqual([(await inspect("lan")).Id, (await inspect(id)).Id], [id, id]);
      await assert.rejects(inspect("ad"), { code: "not-found", message: /there is none of that name; what begins/ });
    }
  });

  it("narrow lists by filters", async () => {
    await asks(docker.networks.list(), "GET", "/networks");
    await asks(
      docker.networks.list({ name: "lan", label: ["a=b", "c"] }),
      "GET",
      '/networks?filters={"name":["lan"],"label":["a=b","c"]}',
    );
    await asks(
      docker.containers.list({ all: true, network: "lan" }),
      "GET",
      '/containers/json?all=true&filters={"network":["lan"]}',
    );
  });

  it("send what is to be made", async () => {
    await asks(docker.networks.create({ Name: "lan" }), "POST", "/networks/create", {
      CheckDuplicate: true,
      Name: "lan",
    });
    const config = { Image: "busybox", HostConfig: { NetworkMode: "lan" } };
    await asks(docker.containers.create("web", config), "POST", "/containers/create?name=web", config);
    await asks(docker.networks.connect("lan", "web", { Aliases: ["w"] }), "POST", "/networks/lan/connect", {
      Container: "web",
      EndpointConfig: { Aliases: ["w"] },
    });
    await asks(docker.networks.disconnect("lan", "web", { force: true }), "POST", "/networks/lan/disconnect", {
      Container: "web",
      Force: true,
    });
  });

  it("change, go on with and fill a container", async () => {
    engine.answer = () => ({ body: { Warnings: ["discarded"] } });
    assert.deepEqual(await docker.containers.update("web", { NanoCpus: 5e8 }), { Warnings: ["discarded"] });
    await docker.containers.unpause("web");
    await docker.containers.putArchive("web", Buffer.from("a tar archive"));
    const [update, unpause, put] = engine.asked;
    assert.deepEqual([update?.path, update?.body], ["/v1.41/containers/web/update", { NanoCpus: 5e8 }]);
    assert.equal(unpause?.path, "/v1.41/containers/web/unpause");
    assert.deepEqual(
      [put?.method, put?.path, put?.body],
      ["PUT", "/v1.41/containers/web/archive?path=/", "a tar archive"],
    );
  });

  it("take for success that a thing is already so", async () => {
    engine.answer = () => ({ status: 304 });
    await docker.containers.start("web");
    await docker.containers.stop("web");
  });

  it("wait for a container's exit code", async () => {
    engine.answer = () => ({ body: { StatusCode: 3 } });
    assert.equal(await docker.containers.wait("web"), 3);
  });

  it("list no volumes as none", async () => {
    engine.answer = () => ({ body: { Volumes: null } });
    assert.deepEqual(await docker.volumes.list(), []);
  });

  describe("for a container's output", () => {
    const printed = (bytes: Buffer) => {
      engine.answer = () => (response) => response.end(bytes);
    };

    it("put the two streams together in their order", async () => {
      printed(Buffer.concat([frame(1, "one\n"), frame(2, "zwölf\n"), frame(1, "")]));
      assert.equal(await docker.containers.logs("web", { tail: 5 }), "one\nzwölf\n");
      assert.equal(engine.asked[0]?.path, "/v1.41/containers/web/logs?stdout=true&stderr=true&tail=5");
    });

    it("give a terminal's output as it is", async () => {
      printed(Buffer.from("plain\r\n"));
      assert.equal(await docker.containers.logs("web"), "plain\r\n");
    });

    it("may be given nothing", async () => {
      printed(Buffer.alloc(0));
      assert.equal(await docker.containers.logs("web"), "");
    });
  });

  describe("that run a command in a container", () => {
    const answers =
      (end: object) =>
      (asked: Asked): Answer => {
        if (asked.path.endsWith("/containers/web/exec")) return { status: 201, body: { Id: "e1" } };
        if (asked.path.endsWith("/exec/e1/json")) return { body: end };
        // As the engine does it: no length, and the connection's end is the output's.
        return (response) => {
          response.socket?.write("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n");
          response.socket?.end(Buffer.concat([frame(1, "out\n"), frame(2, "err\n"), frame(1, "more\n")]));
        };
      };

    it("collect its output and exit code", async () => {
      engine.answer = answers({ Running: false, ExitCode: 3 });
      assert.deepEqual(await docker.containers.exec("web", ["ls", "-l"], { user: "root" }), {
        stdout: "out\nmore\n",
        stderr: "err\n",
        exitCode: 3,
      });
      assert.deepEqual(engine.asked[0]?.body, {
        AttachStdout: true,
        AttachStderr: true,
        Cmd: ["ls", "-l"],
        User: "root",
      });
    });

    it("wait for the engine to hear of its end", async () => {
      let looks = 0;
      engine.answer = (asked) => {
        const isOver = asked.path.endsWith("/exec/e1/json") && ++looks > 3;
        return answers(isOver ? { Running: false, ExitCode: 0 } : { Running: true, ExitCode: null })(asked);
      };
      assert.equal((await docker.containers.exec("web", ["ls"])).exitCode, 0);
    });

    it("fail when it still runs after its output ended", async () => {
      engine.answer = answers({ Running: true, ExitCode: null });
      await assert.rejects(docker.containers.exec("web", ["ls"]), {
        code: "connection-lost",
        message: 'host 10.77.0.1: run ls in container "web": its output was cut off',
      });
    });
  });

  describe("that pull an image", () => {
    const lines = (...lines: object[]) => {
      // Cut at odd places, as a network does.
      const text = lines.map((line) => `${JSON.stringify(line)}\r\n`).join("");
      engine.answer = () => (response) => {
        response.write(text.slice(0, 10));
        setImmediate(() => response.end(text.slice(10)));
      };
    };

    for (const [image, query] of [
      ["busybox", "fromImage=busybox&tag=latest"],
      ["busybox:1.35", "fromImage=busybox&tag=1.35"],
      ["10.77.0.254:5000/lib/consul", "fromImage=10.77.0.254:5000/lib/consul&tag=latest"],
      ["localhost:5000/consul:1.15", "fromImage=localhost:5000/consul&tag=1.15"],
      ["consul@sha256:12ab", "fromImage=consul&tag=sha256:12ab"],
      ["consul:1.15@sha256:12ab", "fromImage=consul&tag=sha256:12ab"],
    ]) {
      it(`ask for one image, given ${image}`, async () => {
        lines({ status: "Done" });
        await docker.images.pull(image ?? "");
        assert.equal(engine.asked[0]?.path, `/v1.41/images/create?${query}`);
      });
    }

    it("hand a registry's user on in the header's padded base64: the engine passes over any other", async () => {
      for (const password of ["1", "12", "123"]) {
        lines({ status: "Done" });
        await docker.images.pull("app:1", { auth: { username: "me", password } });
        const header = String(engine.asked.at(-1)!.headers["x-registry-auth"]);
        assert.match(header, /^[\w-]+={0,2}$/);
        assert.equal(header.length % 4, 0);
      }
    });

    it("hand a registry's user on in a header alone", async () => {
      lines({ status: "Done" });
      const auth = { address: "registry.test", username: "me", password: "s>cret?" };
      await docker.images.pull("registry.test/app:1", { auth });
      engine.answer = () => ({ body: { Descriptor: { digest: "sha256:12ab" } } });
      assert.equal(await docker.images.registryDigest("registry.test/a?b:1", auth), "sha256:12ab");
      const [pull, ask] = engine.asked;
      for (const { path, body, headers } of [pull!, ask!]) {
        assert.ok(!JSON.stringify([path, body]).includes("cret"));
        const sent = JSON.parse(Buffer.from(String(headers["x-registry-auth"]), "base64url").toString());
        assert.deepEqual(sent, { username: "me", password: "s>cret?", serveraddress: "registry.test" });
      }
      assert.equal(ask!.path, "/v1.41/distribution/registry.test/a?b:1/json");
    });

    it("tell how far they are", async () => {
      const progress = { status: "Downloading", id: "12ab", progressDetail: { current: 1, total: 2 } };
      lines({ status: "Pulling" }, progress);
      const seen: object[] = [];
      await docker.images.pull("busybox", { onProgress: (line) => seen.push(line) });
      assert.deepEqual(seen, [{ status: "Pulling" }, progress]);
    });

    it("fail by a line among the others", async () => {
      lines({ status: "Pulling" }, { error: "manifest for busybox:nope not found: manifest unknown" });
      await assert.rejects(docker.images.pull("busybox:nope"), {
        code: "not-found",
        message: 'host 10.77.0.1: pull image "busybox:nope": manifest for busybox:nope not found: manifest unknown',
      });
      lines({ error: "toomanyrequests" });
      await assert.rejects(docker.images.pull("busybox"), { code: "docker-refused" });
    });
  });
});
