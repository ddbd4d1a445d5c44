import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalUser } from "../../../../provider/ssh/localUser";
import { readConfigFiles } from "../../../../provider/ssh/sshConfig/configFiles";
import { expandHostName, type HostSettings, settingsFor } from "../../../../provider/ssh/sshConfig/hostSettings";

describe("what ssh_config says of a host", () => {
  let user: LocalUser;

  beforeEach(() => {
    const home = mkdtempSync(join(tmpdir(), "home-"));
    mkdirSync(join(home, ".ssh"));
    user = { name: "me", home, systemConfig: join(home, "ssh_config") };
  });
  afterEach(() => rmSync(user.home, { recursive: true }));

  const write = (text: string, name = "config", mode = 0o600) =>
    writeFileSync(join(user.home, ".ssh", name), text, { mode });
  const settings = async (text: string, host = "web1", asUser?: string): Promise<HostSettings> => {
    write(text);
    return settingsFor({ host, user: asUser }, await readConfigFiles(user), user);
  };
  const refusal = (text: string, message: string) => assert.rejects(settings(text), { message });

  it("is nothing where there is no file", async () => {
    assert.deepEqual(settingsFor({ host: "web1" }, await readConfigFiles(user), user), { identityFiles: [] });
  });

  it("is the first value that applies, and every IdentityFile", async () => {
    const text = "Host web*\n Port 24\n IdentityFile a\nHost web1\n Port 25\n User u\nHost *\n IdentityFile b\n";
    assert.deepEqual(await settings(text), { port: 24, user: "u", identityFiles: ["a", "b"] });
    assert.deepEqual(await settings(text, "db1"), { identityFiles: ["b"] });
  });

  it("is what the user's file says, then what the machine's does", async () => {
    writeFileSync(user.systemConfig, "Port 99\nUser system\n");
    const { port, user: name } = await settings("Port 24\n");
    assert.deepEqual([port, name], [24, "system"]);
  });

  it("does not apply to hosts that a pattern excludes", async () => {
    const text = "Host * !web1\n Port 24\n";
    assert.equal((await settings(text)).port, undefined);
    assert.equal((await settings(text, "web2")).port, 24);
  });

  it("knows the host by the name that HostName gives it", async () => {
    const found = await settings("HostName %h.rack.example\nMatch host web1.rack.example\n User there\n", "Web1");
    assert.equal(expandHostName(found, "Web1"), "web1.rack.example");
    assert.equal(found.user, "there");
  });

  it("depends on whom we log in as, and who we are here", async () => {
    const text = "Match user deploy\n Port 24\nMatch localuser me\n HostKeyAlias mine\n";
    const found = await settings(text, "web1", "deploy");
    assert.deepEqual([found.port, found.hostKeyAlias], [24, "mine"]);
    assert.equal((await settings(text)).port, undefined);
  });

  it("never is what stands under Match exec, whose command is never run", async () => {
    const ran = join(user.home, "ran");
    assert.equal((await settings(`Match exec "touch ${ran}"\n Port 24\n`)).port, undefined);
    assert.equal((await settings(`Match !exec "touch ${ran}"\n Port 24\n`)).port, undefined);
    assert.equal((await settings(`Match host web1 exec "touch ${ran}"\n Port 24\n`)).port, undefined);
    assert.equal(existsSync(ran), false);
  });

  it("never is what stands under a kind of Match that cannot be known here, or under its opposite", async () => {
    for (const kind of ["localnetwork 0.0.0.0/0", "tagged x", "version *", "command *", "sessiontype exec"]) {
      assert.equal((await settings(`Match ${kind}\n Port 24\nHost *\n User u\n`)).port, undefined, kind);
      assert.equal((await settings(`Match !${kind}\n Port 24\nHost *\n User u\n`)).port, undefined, kind);
      assert.equal((await settings(`Match ${kind}\n Port 24\nHost *\n User u\n`)).user, "u", kind);
    }
  });

  it("may stand in files that are included, for as long as the line that includes them applies", async () => {
    write("User included\nHost other\n Port 7\n", "extra.conf");
    const text = "Host web1\n Include *.conf\n Port 24\nHost *\n HostKeyAlias last\n";
    assert.deepEqual(await settings(text), { user: "included", port: 24, hostKeyAlias: "last", identityFiles: [] });
    assert.deepEqual(await settings(text, "other"), { hostKeyAlias: "last", identityFiles: [] });
  });

  it("takes ProxyJump or ProxyCommand, whichever comes first", async () => {
    assert.equal((await settings("ProxyJump a\nProxyCommand nc\n")).proxy?.value, "a");
    assert.deepEqual((await settings("ProxyCommand nc %h  %p\nProxyJump a\n")).proxy, {
      ...{ kind: "command", value: "nc %h  %p", from: "~/.ssh/config:1" },
    });
  });

  it("passes over what it does not know", async () => {
    assert.equal((await settings("ServerAliveInterval 5\nNoSuchThing at all\nPort 24\n")).port, 24);
  });

  it("says of a mistake where it is, also where that line does not apply", async () => {
    await refusal("Port 24\nPort x\n", "~/.ssh/config:2: Port is 1 to 65535");
    await refusal("Host other\n Port 0\n", "~/.ssh/config:2: Port is 1 to 65535");
    await refusal('User "a\n', "~/.ssh/config:1: a quote is not closed");
    await refusal("Match sunny day\n", "~/.ssh/config:1: Match sunny is not known here");
    await refusal("Host\n", "~/.ssh/config:1: Host has no value");
    write("User a b\n", "extra");
    await refusal("Include extra\n", "~/.ssh/extra:1: user takes one value");
    write("Include round\n", "round");
    await refusal("Include round\n", "~/.ssh/round:1: more than 16 files include each other");
  });

  it("is not taken from a file that others may write", async () => {
    write("Port 24\n", "config", 0o600);
    const { chmodSync } = await import("node:fs");
    chmodSync(join(user.home, ".ssh/config"), 0o666);
    await assert.rejects(
      readConfigFiles(user),
      /~\/\.ssh\/config: it belongs to somebody else, or others may write it/,
    );
  });
});
