import assert from "node:assert/strict";
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "../../../provider/ssh/host";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { SshServer, soon } from "./sshServer";

const mode = (path: string) => statSync(path).mode & 0o7777;

describe("a file on a host", () => {
  let server: SshServer;
  let pool: ConnectionPool;
  let host: Host;
  let folder: string;
  let path: string;

  before(async () => {
    server = await SshServer.start();
    pool = new ConnectionPool();
    host = await pool.host(server.connection(), soon());
  });
  after(async () => {
    await pool.close();
    await server.stop();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "crosshost it's-"));
    path = join(folder, "a file.conf");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is read with its bytes, mode and owner", async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256));
    writeFileSync(path, bytes);
    chmodSync(path, 0o4640);
    const { uid, gid } = statSync(path);
    const file = await host.readFile(path);
    assert.ok(file?.content.equals(bytes));
    assert.deepEqual({ ...file, content: undefined }, { content: undefined, mode: 0o4640, uid, gid });
  });

  it("is not there when it or its folder is not, or its folder is a file", async () => {
    assert.equal(await host.readFile(path), undefined);
    assert.equal(await host.readFile(join(folder, "none", "file")), undefined);
    writeFileSync(path, "");
    assert.equal(await host.readFile(join(path, "file")), undefined);
  });

  it("that is a folder cannot be read, and is not absent", () =>
    assert.rejects(host.readFile(folder), {
      code: "command-failed",
      message: /^host 127.0.0.1: cannot read .*Is a directory$/,
    }));

  it("is new with mode 0644, or the one asked for", async () => {
    await host.writeFile(path, "new\n");
    assert.equal(readFileSync(path, "utf8"), "new\n");
    assert.equal(mode(path), 0o644);
    await host.writeFile(`${path}2`, "", { mode: 0o600 });
    assert.equal(mode(`${path}2`), 0o600);
  });

  it("keeps its mode when it is written again, unless another is asked for", async () => {
    writeFileSync(path, "old");
    chmodSync(path, 0o640);
    await host.writeFile(path, Buffer.from([0, 255, 10]));
    assert.deepEqual([...readFileSync(path)], [0, 255, 10]);
    assert.equal(mode(path), 0o640);
    await host.writeFile(path, "again", { mode: 0o604 });
    assert.equal(mode(path), 0o604);
  });

  it("is replaced, not written into: who has the old one open keeps it", async () => {
    writeFileSync(path, "old");
    const before = statSync(path).ino;
    await host.writeFile(path, "new");
    assert.notEqual(statSync(path).ino, before);
    assert.deepEqual(readdirSync(folder), ["a file.conf"]);
  });

  it("behind a link is written where the link points", async () => {
    writeFileSync(path, "old");
    const link = join(folder, "link");
    symlinkSync("a file.conf", link);
    await host.writeFile(link, "new");
    assert.equal(readFileSync(path, "utf8"), "new");
    assert.ok(lstatSync(link).isSymbolicLink());
  });

  it("cannot be written into a folder that is not there", () =>
    assert.rejects(host.writeFile(join(folder, "none", "file"), ""), {
      code: "command-failed",
      message: `host 127.0.0.1: cannot write ${join(folder, "none", "file")}: there is no such folder`,
    }));

  it("cannot be written over a folder, and nothing is left behind", async () => {
    await assert.rejects(host.writeFile(folder, ""), {
      message: `host 127.0.0.1: cannot write ${folder}: it is a folder`,
    });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is removed, and removed again", async () => {
    writeFileSync(path, "");
    await host.removeFile(path);
    await host.removeFile(path);
    assert.deepEqual(readdirSync(folder), []);
  });
});
