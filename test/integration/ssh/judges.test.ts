import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { LocalUser } from "../../../provider/ssh/localUser";
import { readConfigFiles } from "../../../provider/ssh/sshConfig/configFiles";
import { expandHostName, settingsFor } from "../../../provider/ssh/sshConfig/hostSettings";
import { parseJumps } from "../../../provider/ssh/sshConfig/jumps";
import { SshConfigError } from "../../../provider/ssh/sshConfig/sshConfigError";
import { sshConfigCases, sshConfigIncludes } from "../../helpers/sshConfigCases";

/** What ssh, or this program, makes of a file; undefined where it refuses it. */
type Settings = Record<string, string | undefined> | undefined;

describe("ssh_config, as OpenSSH reads it", () => {
  let user: LocalUser;

  before(() => {
    const home = mkdtempSync(join(tmpdir(), "home-"));
    mkdirSync(join(home, ".ssh"));
    user = { name: userInfo().username, home, systemConfig: "/nowhere" };
    for (const [name, text] of Object.entries(sshConfigIncludes)) {
      writeFileSync(join(home, ".ssh", name), text, { mode: 0o600 });
    }
  });
  after(() => rmSync(user.home, { recursive: true }));

  async function ours(host: string): Promise<Settings> {
    try {
      const found = settingsFor({ host }, await readConfigFiles(user), user);
      const { proxy, identityFiles, userKnownHostsFiles } = found;
      if (proxy?.kind === "jump") parseJumps(proxy.value, proxy.from);
      return {
        hostname: expandHostName(found, host),
        port: String(found.port ?? 22),
        user: found.user ?? user.name,
        identityfile: identityFiles.join("\n") || undefined,
        identitiesonly: found.identitiesOnly ? "yes" : "no",
        hostkeyalias: found.hostKeyAlias,
        userknownhostsfile: userKnownHostsFiles?.join(" "),
        proxyjump: proxy?.kind === "jump" ? proxy.value.replace("ssh://", "") : undefined,
        proxycommand: proxy?.kind === "command" ? proxy.value : undefined,
      };
    } catch (error) {
      if (error instanceof SshConfigError) return undefined;
      throw error;
    }
  }

  /** ssh takes `~` from the list of users, not from HOME: the files are given by their whole paths. */
  function theirs(host: string, text: string): Settings {
    const { status, stdout, stderr, error } = spawnSync("ssh", ["-G", "-F", join(user.home, "whole"), host], {
      encoding: "utf8",
    });
    if (error) throw error;
    if (status !== 0) {
      assert.match(stderr, /line \d+|Too many recursive|Bad|[Mm]issing|[Ii]nvalid/);
      return undefined;
    }
    const values = (keyword: string) =>
      stdout
        .split("\n")
        .filter((line) => line.startsWith(`${keyword} `))
        .map((line) => line.slice(keyword.length + 1))
        .join("\n") || undefined;
    const given = (keyword: string) => (text.toLowerCase().includes(keyword) ? values(keyword) : undefined);
    return {
      ...{ hostname: values("hostname"), port: values("port"), user: values("user") },
      ...{ identityfile: given("identityfile"), identitiesonly: values("identitiesonly") },
      ...{ hostkeyalias: values("hostkeyalias"), userknownhostsfile: given("userknownhostsfile") },
      ...{ proxyjump: values("proxyjump"), proxycommand: values("proxycommand") },
    };
  }

  for (const text of sshConfigCases) {
    it(JSON.stringify(text), async () => {
      const folder = join(user.home, ".ssh");
      const written = text.replaceAll("{HOME}", user.home);
      writeFileSync(join(folder, "config"), written, { mode: 0o600 });
      const whole = written.replace(/^( *Include) (.*)$/gm, (_, keyword, files: string) =>
        [keyword, ...files.split(" ").map((file) => (/^[/~]/.test(file) ? file : join(folder, file)))].join(" "),
      );
      writeFileSync(join(user.home, "whole"), whole);
      for (const host of ["web1", "WEB1", "c"]) assert.deepEqual(await ours(host), theirs(host, text), host);
    });
  }
});
