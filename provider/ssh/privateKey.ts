import { createPrivateKey, type KeyObject, randomBytes } from "node:crypto";
import { type ParsedKey, utils } from "ssh2";

/**
 * Reads a private key in any format that OpenSSH takes: its own, the older PEM ones, and PKCS#8. What is wrong with it is
 * said in words of ours: a parser's may quote what it could not parse.
 */
export function parsePrivateKey(text: string, passphrase: string | undefined): ParsedKey | { problem: string } {
  const encrypted = { problem: "is encrypted and `privateKeyPassword` is not given" };
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----/m.test(text) && passphrase === undefined) return encrypted;
  const parsed = parse(text, passphrase);
  if (!(parsed instanceof Error)) return parsed.isPrivateKey() ? parsed : { problem: "is a public key" };
  if (/no passphrase/i.test(parsed.message)) return encrypted;
  if (/passphrase|integrity|decrypt/i.test(parsed.message) || passphrase !== undefined) {
    return { problem: "cannot be decrypted with the given `privateKeyPassword`" };
  }
  return { problem: "is not a private key in a format of OpenSSH or PEM" };
}

function parse(text: string, passphrase: string | undefined): ParsedKey | Error {
  try {
    const parsed = utils.parseKey(isPkcs8(text) ? fromPkcs8(text, passphrase) : text, passphrase);
    return Array.isArray(parsed) ? parsed[0]! : parsed;
  } catch (error) {
    return error as Error;
  }
}

function isPkcs8(text: string): boolean {
  return /^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/m.test(text);
}

/** The key in a format that ssh2 knows; PKCS#8 is none. */
function fromPkcs8(text: string, passphrase: string | undefined): string {
  const key = createPrivateKey({ key: text, passphrase });
  if (key.asymmetricKeyType === "rsa") return key.export({ type: "pkcs1", format: "pem" }).toString();
  if (key.asymmetricKeyType === "ec") return key.export({ type: "sec1", format: "pem" }).toString();
  if (key.asymmetricKeyType === "ed25519") return inOpenSshFormat(key);
  throw new Error("no key of a type that SSH knows");
}

/** Source: OpenSSH `PROTOCOL.key`; ed25519 keys are known in this format alone. */
function inOpenSshFormat(key: KeyObject): string {
  const { d, x } = key.export({ format: "jwk" });
  const [secret, open] = [Buffer.from(d!, "base64url"), Buffer.from(x!, "base64url")];
  const type = "ssh-ed25519";
  const check = randomBytes(4);
  const unpadded = Buffer.concat([
    ...[check, check, string(type), string(open), string(Buffer.concat([secret, open])), string("")],
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, -unpadded.length & 7));
  const blob = Buffer.concat([
    ...[Buffer.from("openssh-key-v1\0"), string("none"), string("none"), string(""), Buffer.from([0, 0, 0, 1])],
    string(Buffer.concat([string(type), string(open)])),
    string(Buffer.concat([unpadded, padding])),
  ]);
  const lines = blob
    .toString("base64")
    .match(/.{1,70}/g)!
    .join("\n");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** As a string stands in the SSH protocol: its length in four bytes before it. */
function string(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
