import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { BadAnswer, jsonLines, readAll } from "../../../provider/docker/answer";
import { DockerClient } from "../../../provider/docker/client";
import { describeError } from "../../../provider/errors";
import { FakeEngine } from "./fakeEngine";

/** So many megabytes, made as they are read. */
function* flood(megabytes: number) {
  for (let i = 0; i < megabytes; i++) yield Buffer.alloc(1024 * 1024, "x");
}

describe("an engine that is broken, or none", () => {
  let engine: FakeEngine;
  let docker: DockerClient;

  beforeEach(async () => {
    engine = await FakeEngine.start();
    docker = DockerClient.of(engine);
  });
  afterEach(() => engine.stop());

  const failure = async (
    answer: (response: ServerResponse) => void,
    call: () => Promise<unknown> = () => docker.networks.list(),
  ) => {
    engine.answer = () => answer;
    return describeError(
      await call().then(
        () => "it worked",
        (error) => error,
      ),
    );
  };
  const hint = "(is it really a Docker engine that answers at /var/run/docker.sock?)";

  it("that answers without end is cut off, and fills no memory", async () => {
    const before = process.memoryUsage().rss;
    const message = await failure((response) => void Readable.from(flood(1024)).pipe(response));
    assert.equal(message, `host 10.77.0.1: list networks: the answer is longer than 16 MB ${hint}`);
    const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
    assert.ok(grown < 200, `${grown} MB`);
  });

  it("that answers what is not JSON is named, and not quoted", async () => {
    assert.equal(
      await failure((response) => response.end("<html>secret</html>")),
      `host 10.77.0.1: list networks: the answer is not JSON ${hint}`,
    );
  });

  it("that refuses without end is cut off", async () => {
    const message = await failure((response) => {
      response.statusCode = 500;
      Readable.from(flood(128)).pipe(response);
    });
    assert.match(message, /^host 10\.77\.0\.1: list networks: the answer is longer than 16 MB/);
  });

  it("whose progress is no lines, or nonsense, is named", async () => {
    const pull = () => docker.images.pull("busybox:1.35");
    assert.equal(
      await failure((response) => void Readable.from(flood(3)).pipe(response), pull),
      `host 10.77.0.1: pull image "busybox:1.35": the answer is one with a line longer than 1024 kB ${hint}`,
    );
    assert.equal(
      await failure((response) => response.end("hello\n"), pull),
      `host 10.77.0.1: pull image "busybox:1.35": the answer is not JSON ${hint}`,
    );
  });

  it("that speaks no HTTP has lost the connection", async () => {
    assert.equal(
      await failure((response) => response.socket?.end("SSH-2.0-garbage\r\n")),
      "host 10.77.0.1: list networks: the connection to the Docker engine was lost (run it again: what is already there is found)",
    );
  });
});

describe("what an answer may hold", () => {
  it("is up to the limit", async () => {
    assert.equal((await readAll(Readable.from([Buffer.alloc(3)]), 3)).length, 3);
    await assert.rejects(readAll(Readable.from([Buffer.alloc(2), Buffer.alloc(2)]), 3), BadAnswer);
  });

  it("is lines, cut wherever they come", async () => {
    const seen = [];
    for await (const line of jsonLines(Readable.from(['{"a"', ':1}\n\n{"a":2}\n{"a', '":3}']))) seen.push(line);
    assert.deepEqual(seen, [{ a: 1 }, { a: 2 }, { a: 3 }]);
  });
});
