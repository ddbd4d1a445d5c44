import assert from "node:assert/strict";
import { utils } from "ssh2";
import {
  algorithmsFor,
  fingerprint,
  formatHostKey,
  type HostKey,
  parseHostKey,
} from "../../../../provider/ssh/trust/hostKey";

const line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPTpQjmbSHSeZ8+v39LsPlhL+qVkTIYv/PYRrK90ilRI";

function parsed(text: string): HostKey {
  const key = parseHostKey(text);
  assert.ok(!("malformed" in key), text);
  return key;
}

describe("parseHostKey", () => {
  it("reads a line of known_hosts without its host, with and without a comment", () => {
    assert.equal(formatHostKey(parsed(line).raw), line);
    assert.equal(formatHostKey(parsed(`  ${line} root@host1\n`).raw), line);
  });

  it("reads every type OpenSSH makes", () => {
    for (const [type, options] of [
      ["rsa", { bits: 2048 }],
      ["ecdsa", { bits: 256 }],
      ["ecdsa", { bits: 521 }],
      ["ed25519", {}],
    ] as const) {
      const { public: text } = utils.generateKeyPairSync(type as "rsa", options as { bits: number });
      assert.equal(formatHostKey(parsed(text).raw), text.trim());
    }
  });

  for (const [what, text] of [
    ["nothing", ""],
    ["a host's name in front", `10.77.0.1 ${line}`],
    ["a fingerprint", "SHA256:8qAxDzZRx++L0mycgu9WTEeG3knqTEV+5COEyXrcJH0"],
    ["an unknown type", line.replace("ssh-ed25519", "ssh-dss")],
    ["a key without its type", line.split(" ")[1]],
  ]) {
    it(`says what a key begins with, given ${what}`, () => {
      assert.deepEqual(parseHostKey(text ?? ""), {
        malformed:
          "it must begin with its type, one of ssh-ed25519, ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, ecdsa-sha2-nistp521, ssh-rsa",
      });
    });
  }

  for (const [what, text] of [
    ["is missing", "ssh-ed25519"],
    ["was cut short", line.slice(0, -8)],
    ["has a foreign letter", line.replace("IPTp", "IP*p")],
    ["is of another type", line.replace("ssh-ed25519", "ssh-rsa")],
  ]) {
    it(`refuses a key that ${what}`, () => {
      const result = parseHostKey(text ?? "");
      assert.match("malformed" in result ? result.malformed : "", /^what follows ssh-\w+ is not a key of that type$/);
    });
  }
});

describe("a host key", () => {
  it("has the fingerprint that ssh-keygen -l shows", () => {
    assert.equal(fingerprint(parsed(line).raw), "SHA256:dnGLIa8dxltISRD+h7I7idTj03ffAKa9t+fh7p1fO3Q");
  });

  it("of RSA may be proved by the newer signatures", () => {
    assert.deepEqual(algorithmsFor({ type: "ssh-rsa", raw: Buffer.alloc(0) }), [
      "rsa-sha2-512",
      "rsa-sha2-256",
      "ssh-rsa",
    ]);
  });
});
