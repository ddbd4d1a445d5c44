import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Connection } from "../connection";
import { DialFailure } from "../dialFailure";
import { expandHome, localUser } from "../localUser";
import type { Target } from "../target";
import { formatHostKey, type HostKey, parseHostKey } from "./hostKey";
import { isAbout, type KnownHost, knownHostsName, parseKnownHosts } from "./knownHosts";

/** A key that a host may show, and where that stands: `~/.ssh/known_hosts:12`; nothing for `connection.hostKey`. */
export interface TrustedKey extends HostKey {
  from?: string;
}

/** What is known of one host's keys before it is dialled. */
export interface HostTrust {
  /** The host's name in known_hosts. */
  name: string;
  /** The keys it may show; none: the host is not known. */
  keys: TrustedKey[];
  /** Keys of the same host name without its port, which vouch for it only when it shows one of them. */
  portless: TrustedKey[];
  /** Keys that are refused whatever else is said. */
  revoked: TrustedKey[];
  /** Where an authority stands that certifies this host's keys. */
  authority?: string;
  policy: HostKeyPolicy;
  /** Where the keys of new hosts are kept. */
  file: string;
}

/** What to do with a host that is not known: refuse it, accept and remember it, or accept anything. */
export type HostKeyPolicy = NonNullable<Connection["hostKeyPolicy"]>;

/** The files OpenSSH reads, the user's own first. */
function knownHostsFiles(connection: Connection): string[] {
  const own = connection.knownHostsFiles ?? ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];
  return [...own, "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];
}

/** Reads what is known of the host: `connection.hostKey`, else the known_hosts files. */
export async function hostTrust(connection: Target): Promise<HostTrust> {
  // An alias stands for the host at whatever port, as with OpenSSH.
  const plainName = knownHostsName(connection.hostKeyAlias ?? connection.hostName, 22);
  const name = connection.hostKeyAlias ? plainName : knownHostsName(connection.hostName, connection.port);
  const files = knownHostsFiles(connection);
  const trust: HostTrust = {
    name,
    keys: [],
    portless: [],
    revoked: [],
    policy: connection.hostKeyPolicy ?? "strict",
    file: files[0] ?? "~/.ssh/known_hosts",
  };
  const pinned = pinnedKey(connection);
  for (const file of files) {
    for (const line of parseKnownHosts(await contentOf(file, connection))) {
      if (isAbout(line, name)) note(trust, trust.keys, line, file, pinned);
      else if (isAbout(line, plainName)) note(trust, trust.portless, line, file, pinned);
    }
  }
  // Whoever pins a key has decided: the files may still revoke it, but add none.
  if (pinned) Object.assign(trust, { keys: [pinned], portless: [], authority: undefined });
  return trust;
}

function note(trust: HostTrust, keys: TrustedKey[], line: KnownHost, file: string, pinned?: HostKey): void {
  const from = `${file}:${line.line}`;
  if (line.marker === "revoked") trust.revoked.push({ ...line.key, from });
  else if (line.marker === "cert-authority") trust.authority ??= from;
  else if (!pinned) keys.push({ ...line.key, from });
}

function pinnedKey(connection: Connection): HostKey | undefined {
  if (connection.hostKey === undefined) return undefined;
  const parsed = parseHostKey(connection.hostKey);
  if (!("malformed" in parsed)) return parsed;
  throw new DialFailure(connection, `its \`hostKey\` cannot be read: ${parsed.malformed}`, {
    code: "wrong-host-key",
    passing: false,
  });
}

/** Adds a host to the user's known_hosts, as `ssh -o StrictHostKeyChecking=accept-new` does. */
export async function remember({ name, file }: HostTrust, raw: Buffer): Promise<void> {
  const path = expand(file);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // One short write at the file's end: runs that do this at once do not tear each other's lines. It begins a line of its
  // own, since the file may end in the middle of one.
  await appendFile(path, `${await lineBreakBefore(path)}${name} ${formatHostKey(raw)}\n`, { mode: 0o600 });
}

async function lineBreakBefore(path: string): Promise<string> {
  const content = await readFile(path, "utf8").catch(ifMissing);
  return content === "" || content.endsWith("\n") ? "" : "\n";
}

async function contentOf(file: string, connection: Connection): Promise<string> {
  try {
    return await readFile(expand(file), "utf8").catch(ifMissing);
  } catch (error) {
    throw new DialFailure(connection, `cannot read ${file} on this machine: ${(error as Error).message}`, {
      code: "unknown-host-key",
      passing: false,
      cause: error,
    });
  }
}

function ifMissing(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return "";
  throw error;
}

function expand(file: string): string {
  return expandHome(file, localUser().home);
}
