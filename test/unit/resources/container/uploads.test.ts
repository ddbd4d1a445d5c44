import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tar } from "../../../../provider/docker/tar";
import { containerWorld } from "../../../helpers/containerWorld";

describe("a Container's uploads", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "crosshost-tar-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What GNU tar makes of an archive. */
  const unpack = (archive: Buffer) => {
    const { status, stderr } = spawnSync("tar", ["-xpf", "-", "-C", folder], { input: archive });
    assert.equal(status, 0, stderr.toString());
  };
  const mode = (file: string) => statSync(join(folder, file)).mode & 0o7777;

  it("puts files into it before its first start, with their modes", async () => {
    const { docker, create, inspect } = containerWorld();
    const source = join(folder, "source");
    writeFileSync(source, "from a file");
    await create({
      uploads: [
        { file: "/etc/app/a.conf", content: "häh?" },
        { file: "/bin/b", contentBase64: "AAEC", executable: true },
        { file: "/c", source, permissions: "0600" },
      ],
    });
    const calls = docker.mutations.map((call) => call.split(" ")[0]);
    assert.deepEqual(calls, ["create", "put", "start"]);
    unpack(docker.archives.get((await inspect()).Id)!);
    assert.equal(readFileSync(join(folder, "etc/app/a.conf"), "utf8"), "häh?");
    assert.deepEqual([...readFileSync(join(folder, "bin/b"))], [0, 1, 2]);
    assert.equal(readFileSync(join(folder, "c"), "utf8"), "from a file");
    assert.deepEqual(["etc/app/a.conf", "bin/b", "c"].map(mode), [0o644, 0o744, 0o600]);
  });

  it("are put again where an interrupted run did not, and never into one that has run", async () => {
    const { docker, create } = containerWorld();
    const uploads = [{ file: "/a", content: "a" }];
    docker.interrupt(/^put/);
    await assert.rejects(create({ uploads }), { message: "interrupted" });
    docker.settle();
    await create({ uploads });
    assert.deepEqual(
      docker.mutations.map((call) => call.split(" ")[0]),
      ["put", "start"],
    );
    docker.settle();
    await create({ uploads });
    assert.deepEqual(docker.mutations, []);
  });

  it("make it anew where an interrupted run left it with others", async () => {
    const { create } = containerWorld();
    const { containerId } = await create({ uploads: [{ file: "/a", content: "a" }] });
    assert.notEqual((await create({ uploads: [{ file: "/a", content: "b" }] })).containerId, containerId);
  });

  it("fail with nothing touched where a file cannot be read", async () => {
    const { docker, create } = containerWorld();
    await assert.rejects(
      create({ uploads: [{ file: "/a", source: join(folder, "none") }] }),
      /cannot read .*none, which is to become \/a: ENOENT/,
    );
    assert.deepEqual(docker.mutations, []);
  });

  it("may have long paths, up to what a tar archive can hold", () => {
    const long = `/${"d".repeat(90)}/${"e".repeat(50)}/${"f".repeat(90)}`;
    unpack(tar([{ path: long, content: Buffer.from("x".repeat(513)), mode: 0o644 }]));
    assert.equal(readFileSync(join(folder, long), "utf8").length, 513);
    assert.throws(() => tar([{ path: `/${"g".repeat(200)}`, content: Buffer.alloc(0), mode: 0o644 }]), /is too long/);
  });
});
