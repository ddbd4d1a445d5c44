import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAbout, knownHostsName, parseKnownHosts } from "../../../../provider/ssh/trust/knownHosts";
import { newKey } from "../../../helpers/keys";

const key = newKey().public.trim();
const other = newKey().public.trim();

/** The lines of `text` that are about a host, by ours. */
function ours(text: string, name: string): number[] {
  return parseKnownHosts(text)
    .filter((host) => isAbout(host, name))
    .map(({ line }) => line);
}

describe("a known_hosts file", () => {
  it("names a host on another port than 22 in brackets", () => {
    assert.equal(knownHostsName("Host1.lab", 22), "host1.lab");
    assert.equal(knownHostsName("10.0.0.1", 2222), "[10.0.0.1]:2222");
    assert.equal(knownHostsName("fe80::1", 22), "fe80::1");
  });

  it("passes over what it cannot use", () => {
    const text = `# comment\n\nhost1\nhost1 ssh-dss AAAA\nhost1 ${key.slice(0, -4)}\n@unknown host1 ${key}\n\thost1\t${key} comment\r\n`;
    assert.deepEqual(ours(text, "host1"), [7]);
  });

  it("keeps a line's marker", () => {
    const text = `@revoked host1 ${key}\n@cert-authority *.lab ${other}\nhost1 ${other}`;
    assert.deepEqual(
      parseKnownHosts(text).map(({ marker }) => marker),
      ["revoked", "cert-authority", undefined],
    );
  });

  describe("judged by ssh-keygen -F", () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "known-hosts-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    /** The lines that ssh-keygen finds. */
    function theirs(text: string, name: string): number[] {
      const file = join(folder, "known_hosts");
      writeFileSync(file, text);
      try {
        const found = execFileSync("ssh-keygen", ["-F", name, "-f", file], { encoding: "utf8", stdio: "pipe" });
        return [...found.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line));
      } catch (error) {
        assert.equal((error as { status: number }).status, 1, String(error));
        return [];
      }
    }

    function hashed(text: string): string {
      const file = join(folder, "hashed");
      writeFileSync(file, text, { mode: 0o600 });
      execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "pipe" });
      return execFileSync("cat", [file], { encoding: "utf8" });
    }

    const names = [
      "host1",
      "host2",
      "host1.lab",
      "a.host1.lab",
      "10.0.0.1",
      "[10.0.0.1]:2222",
      "[host1]:22",
      "fe80::1",
    ];
    const files: Record<string, () => string> = {
      "plain names": () => `host1 ${key}\nhost2,10.0.0.1 ${other}\nfe80::1 ${key}\n`,
      "upper case": () => `HOST1 ${key}\n`,
      "a port in brackets": () => `[10.0.0.1]:2222 ${key}\n[host1]:22 ${other}\n`,
      wildcards: () => `*.lab ${key}\nhost? ${other}\n10.0.*.1 ${key}\n[10.0.0.1]:* ${other}\n`,
      "patterns that take out": () => `host*,!host2 ${key}\n!host1 ${other}\n*,!*.lab ${key}\n`,
      "hashed names": () => hashed(`host1,10.0.0.1 ${key}\n[10.0.0.1]:2222 ${other}\n`),
      markers: () => `@revoked host1 ${key}\n@cert-authority *.lab ${other}\n`,
      "comments and blank lines": () => `# host1\n\n  host1 ${key} somebody's\n`,
      "no line's end": () => `host1 ${key}`,
    };
    for (const [what, text] of Object.entries(files)) {
      it(`with ${what}`, () => {
        const written = text();
        for (const name of names) assert.deepEqual(ours(written, name), theirs(written, name), name);
      });
    }
  });
});
