import { createHmac, timingSafeEqual } from "node:crypto";
import { type HostKey, parseHostKey } from "./hostKey";
import { matchesPatternList } from "./pattern";

/** One usable line of a known_hosts file. */
export interface KnownHost {
  /** `revoked`: the key is never to be accepted; `cert-authority`: the key signs hosts' certificates. */
  marker?: "revoked" | "cert-authority";
  /** The first field: patterns separated by commas, or one hashed name. */
  names: string;
  key: HostKey;
  /** Counted from 1. */
  line: number;
}

/** A host as known_hosts names it: `host1`, or `[host1]:2222` where the port is not 22. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/**
 * The lines of a known_hosts file that can be used; comments, keys of types that are not taken and lines that cannot be
 * read are passed over, as OpenSSH does: a file that was edited by hand must not shut every host out.
 */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split("\n").flatMap((line, index) => parseLine(line, index + 1) ?? []);
}

function parseLine(line: string, number: number): KnownHost | undefined {
  const fields = line.trim().split(/[ \t]+/);
  let marker: KnownHost["marker"];
  if (fields[0]?.startsWith("@")) {
    const word = fields.shift();
    if (word === "@revoked") marker = "revoked";
    else if (word === "@cert-authority") marker = "cert-authority";
    else return undefined;
  }
  const [names, type, encoded] = fields;
  if (!names || names.startsWith("#") || !type || !encoded) return undefined;
  const key = parseHostKey(`${type} ${encoded}`);
  if ("malformed" in key) return undefined;
  return { ...(marker && { marker }), names, key, line: number };
}

/** Whether a line is about the host of this name, which `knownHostsName` has made. */
export function isAbout({ names }: KnownHost, name: string): boolean {
  if (names.startsWith("|")) return isHashOf(names, name);
  return matchesPatternList(name, names.toLowerCase().split(","));
}

/** `|1|salt|hash`: the name's HMAC-SHA1 under the salt, both in base64. Source: OpenSSH `hostfile.c`. */
function isHashOf(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split("|");
  if (version !== "1" || !salt || !hash) return false;
  const expected = Buffer.from(hash, "base64");
  const actual = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
