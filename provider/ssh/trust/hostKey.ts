import { createHash } from "node:crypto";
import { type ServerHostKeyAlgorithm, utils } from "ssh2";

/** A host's public key. */
export interface HostKey {
  type: string;
  /** As it travels on the wire. */
  raw: Buffer;
}

/** The signature algorithms by which a host proves that it holds a key of each type. */
const algorithmsOf: Record<string, ServerHostKeyAlgorithm[]> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"],
};

/** Reads `ssh-ed25519 AAAA… [comment]`; says what is wrong with anything else. */
export function parseHostKey(text: string): HostKey | { malformed: string } {
  const [type = "", encoded = ""] = text.trim().split(/\s+/);
  if (!Object.hasOwn(algorithmsOf, type)) {
    return { malformed: `it must begin with its type, one of ${Object.keys(algorithmsOf).join(", ")}` };
  }
  const raw = Buffer.from(encoded, "base64");
  // Node decodes base64 leniently: what does not encode back to itself was cut or mistyped.
  const exact = raw.toString("base64").replace(/=+$/, "") === encoded.replace(/=+$/, "");
  if (!exact || raw.length === 0 || utils.parseKey(`${type} ${encoded}`) instanceof Error || typeOf(raw) !== type) {
    return { malformed: `what follows ${type} is not a key of that type` };
  }
  return { type, raw };
}

/** The algorithms to offer so that the host shows its key of this very type. */
export function algorithmsFor(key: HostKey): ServerHostKeyAlgorithm[] {
  return algorithmsOf[key.type] ?? [];
}

/** As `ssh-keygen -l` shows it: `SHA256:…`. */
export function fingerprint(raw: Buffer): string {
  return `SHA256:${createHash("sha256").update(raw).digest("base64").replace(/=+$/, "")}`;
}

/** A key as it stands in known_hosts and in `connection.hostKey`. */
export function formatHostKey(raw: Buffer): string {
  return `${typeOf(raw)} ${raw.toString("base64")}`;
}

/** On the wire a key begins with its type, as a string preceded by its length in four bytes. */
function typeOf(raw: Buffer): string {
  return raw.length < 4 ? "" : raw.toString("latin1", 4, 4 + raw.readUInt32BE(0));
}
