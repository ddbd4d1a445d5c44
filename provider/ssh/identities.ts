import { readFile } from "node:fs/promises";
import type { Connection } from "./connection";
import { expandHome, type LocalUser } from "./localUser";
import { parsePrivateKey } from "./privateKey";

/** What a host can be shown to log in. */
export type Identity = PrivateKey | Agent;

export interface PrivateKey {
  kind: "key";
  /** For messages: `the given privateKey`, or the file it stands in. */
  name: string;
  text: string;
  passphrase?: string;
}

export interface Agent {
  kind: "agent";
  /** For messages: `the given agentSocketPath`, or `the agent at …`. */
  name: string;
  socketPath: string;
  /** Public keys, in base64, that are tried first. */
  first: readonly string[];
  /** Whether no other is tried. */
  onlyFirst: boolean;
}

export interface Identities {
  list: Identity[];
  /** What was looked for and cannot be used: `~/.ssh/id_rsa is encrypted`. */
  unusable: string[];
}

/** What ssh_config says of identities, its tokens replaced. */
export interface ConfiguredIdentities {
  files: readonly string[];
  agent?: string;
  only?: boolean;
}

/** The files in which ssh-keygen puts keys that can be used here. */
const DEFAULT_FILES = ["~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ed25519"];

/**
 * What to log in with, beside a password: the keys and the agent of the connection; if it has none, those of ssh_config;
 * if that names none and there is no password, the user's agent and the usual files in `~/.ssh`.
 */
export async function identitiesOf(
  connection: Connection,
  configured: ConfiguredIdentities,
  user: LocalUser,
): Promise<Identities> {
  const given = givenIdentities(connection);
  if (given.length > 0) return { list: given, unusable: [] };
  const isConfigured = configured.files.length > 0 || configured.agent !== undefined;
  if (!isConfigured && connection.password !== undefined) return { list: [], unusable: [] };
  const named = configured.files.filter((file) => file.toLowerCase() !== "none");
  const files = configured.files.length > 0 ? named : DEFAULT_FILES;
  const found = await Promise.all(files.map((file) => readIdentity(file, named.length > 0, connection, user)));
  const agent = agentOf(
    configured,
    user,
    found.flatMap(({ publicKey }) => publicKey ?? []),
  );
  return {
    list: [...(agent ? [agent] : []), ...found.flatMap(({ key }) => key ?? [])],
    unusable: found.flatMap(({ unusable }) => unusable),
  };
}

function givenIdentities({ privateKey, privateKeyPassword, agentSocketPath }: Connection): Identity[] {
  const list: Identity[] = [];
  if (privateKey !== undefined) {
    list.push({ kind: "key", name: "the given privateKey", text: privateKey, passphrase: privateKeyPassword });
  }
  if (agentSocketPath !== undefined) {
    list.push({
      kind: "agent",
      name: "the given agentSocketPath",
      socketPath: agentSocketPath,
      first: [],
      onlyFirst: false,
    });
  }
  return list;
}

function agentOf({ agent, only }: ConfiguredIdentities, user: LocalUser, first: string[]): Agent | undefined {
  if (agent?.toLowerCase() === "none") return undefined;
  const named = agent === "SSH_AUTH_SOCK" ? undefined : agent;
  const socketPath = named === undefined ? user.agentSocketPath : expandHome(named, user.home);
  if (socketPath === undefined) return undefined;
  return { kind: "agent", name: `the agent at ${named ?? socketPath}`, socketPath, first, onlyFirst: only === true };
}

interface FoundIdentity {
  key?: PrivateKey;
  /** In base64; also where only the agent has the private half. */
  publicKey?: string;
  unusable: string[];
}

async function readIdentity(
  file: string,
  isNamed: boolean,
  { privateKeyPassword }: Connection,
  { home }: LocalUser,
): Promise<FoundIdentity> {
  const text = await contentOf(expandHome(file, home));
  const publicHalf = await contentOf(`${expandHome(file, home)}.pub`);
  const certificate = await contentOf(`${expandHome(file, home)}-cert.pub`);
  const unusable = certificate === undefined ? [] : [`${file}-cert.pub is a certificate, and none can be shown here`];
  const publicKey = publicKeyIn(text) ?? publicKeyIn(publicHalf);
  if (text === undefined) {
    return { publicKey, unusable: isNamed && !publicKey ? [`${file} is not there`, ...unusable] : unusable };
  }
  // The public half may be named for a key that only the agent has.
  if (publicKeyIn(text) !== undefined) return { publicKey, unusable };
  const parsed = parsePrivateKey(text, privateKeyPassword);
  if ("problem" in parsed) return { publicKey, unusable: [`${file} ${parsed.problem}`, ...unusable] };
  return {
    key: { kind: "key", name: file, text, passphrase: privateKeyPassword },
    publicKey: publicKey ?? parsed.getPublicSSH().toString("base64"),
    unusable,
  };
}

async function contentOf(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch(() => undefined);
}

function publicKeyIn(text: string | undefined): string | undefined {
  return /^[a-z0-9@.-]+ +(AAAA[A-Za-z0-9+/=]+)/m.exec(text ?? "")?.[1];
}
