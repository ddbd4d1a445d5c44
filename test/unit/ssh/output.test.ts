import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { jsonLines, readAll } from "../../../provider/docker/answer";
import { Lines } from "../../../provider/ssh/lines";
import { lastLine, Output } from "../../../provider/ssh/output";
import type { Session } from "../../../provider/ssh/session";

/** So many bytes, each in a chunk of its own, as a server sends them that wants to keep us busy. */
const many = 500_000;
const byte = Buffer.from("x");

function* bytes() {
  for (let i = 0; i < many; i++) yield byte;
}

/** Fails where `work` takes time in proportion to the square of the number of bytes, which would be minutes. */
async function inGoodTime(work: () => Promise<void> | void): Promise<void> {
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  assert.ok(seconds < 5, `${seconds} s`);
}

describe("output that comes byte by byte", () => {
  it("is collected in good time, and in no more memory than its length calls for", () =>
    inGoodTime(() => {
      const before = process.memoryUsage().rss;
      const output = new Output(many);
      for (const chunk of bytes()) assert.ok(output.add(chunk));
      assert.equal(output.add(byte), false);
      assert.equal(output.bytes().length, many);
      const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
      assert.ok(grown < 50, `${grown} MB`);
    }));

  it("is taken line by line in good time", () =>
    inGoodTime(async () => {
      const session = new EventEmitter();
      const lines = new Lines();
      lines.follow(session as Session);
      for (const chunk of bytes()) session.emit("stdout", chunk);
      session.emit("stdout", Buffer.from("\nsecond\n\nrest"));
      session.emit("ended");
      assert.equal((await lines.next())?.length, many);
      assert.deepEqual([await lines.next(), await lines.next(), await lines.next()], ["second", "", "rest"]);
      assert.equal(await lines.next(), undefined);
    }));

  it("is read as an engine's answer in good time", () =>
    inGoodTime(async () => {
      assert.equal((await readAll(Readable.from(bytes()))).length, many);
      const progress = Readable.from(
        (function* () {
          yield Buffer.from('"');
          yield* bytes();
          yield Buffer.from('"\n');
        })(),
      );
      const seen: string[] = [];
      for await (const line of jsonLines<string>(progress)) seen.push(line);
      assert.deepEqual(
        seen.map(({ length }) => length),
        [many],
      );
    }));
});

describe("the last line of what a program said", () => {
  it("is the last that is not empty", () => assert.equal(lastLine("a\nb \n\n"), "b"));
  it("is nothing where it said nothing", () => assert.equal(lastLine(" \n"), ""));
  it("is not where systemctl says to look", () =>
    assert.equal(
      lastLine(
        'Job for docker.service failed.\nSee "systemctl status docker.service" and "journalctl -xe" for details.\n',
      ),
      "Job for docker.service failed.",
    ));
});
