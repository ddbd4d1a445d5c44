import type { LocalUser } from "../localUser";
import { matchesPattern, matchesPatternList } from "../trust/pattern";
import type { ConfigFile } from "./configFiles";
import type { Directive } from "./directives";
import { SshConfigError } from "./sshConfigError";

/** What ssh_config says of one host. Paths and names are as they stand there, with their tokens. */
export interface HostSettings {
  hostName?: string;
  port?: number;
  user?: string;
  /** In order; `none` is one of them where it stands there. */
  identityFiles: string[];
  identityAgent?: string;
  identitiesOnly?: boolean;
  hostKeyAlias?: string;
  userKnownHostsFiles?: string[];
  /** ProxyJump or ProxyCommand, whichever comes first: the other is passed over. */
  proxy?: { kind: "jump" | "command"; value: string; from: string };
}

/** What is asked for: the name as it was given, and what was given beside it. */
export interface Asked {
  host: string;
  user?: string;
}

/**
 * What the files say of a host: of each setting the first that applies, of IdentityFile all. A command of `Match exec`
 * is never run, and what stands under it never applies. Source: ssh_config(5).
 */
export function settingsFor(asked: Asked, files: readonly ConfigFile[], localUser: LocalUser): HostSettings {
  const pass = new Pass(asked, localUser);
  for (const file of files) pass.take(file, true);
  if (pass.hasFinal) {
    pass.isFinal = true;
    for (const file of files) pass.take(file, true);
  }
  return pass.settings;
}

class Pass {
  readonly settings: HostSettings = { identityFiles: [] };
  /** Whether anything is asked for once all else is known (`Match final`). */
  hasFinal = false;
  isFinal = false;

  constructor(
    private readonly asked: Asked,
    private readonly localUser: LocalUser,
  ) {}

  /** `applies`: whether the line that includes this file does. */
  take({ lines }: ConfigFile, applies: boolean): void {
    let active = applies;
    for (const line of lines) {
      if ("included" in line) for (const file of line.included) this.take(file, active);
      else if (line.keyword === "host") active = applies && this.matchesHost(line);
      // Looked at even where it cannot apply, for its mistakes.
      else if (line.keyword === "match") active = this.matches(line) && applies;
      else readers.get(line.keyword)?.(active ? this.settings : { identityFiles: [] }, line);
    }
  }

  private matchesHost({ words, from }: Directive): boolean {
    const patterns = words.length ? words : missing(from, "Host");
    if (patterns.some((word) => word.startsWith("!") && matchesPattern(this.asked.host, word.slice(1)))) return false;
    return patterns.some((word) => matchesPattern(this.asked.host, word));
  }

  private matches({ words, from }: Directive): boolean {
    let matched = true;
    const rest = words.length ? [...words] : missing(from, "Match");
    for (let first = true; rest.length > 0; first = false) {
      const word = rest.shift()!;
      const negated = word.startsWith("!");
      const [criterion = "", inline] = splitOnce(negated ? word.slice(1) : word, "=");
      const name = criterion.toLowerCase();
      let holds: boolean;
      if (name === "all") {
        if (rest.length > 0 || !(first || onlyStages(words))) throw new SshConfigError(from, "`all` stands alone");
        holds = true;
      } else if (name === "canonical" || name === "final") {
        this.hasFinal ||= name === "final";
        holds = this.isFinal;
      } else holds = this.holds(name, inline ?? rest.shift() ?? missing(from, `Match ${criterion}`), from);
      // What cannot be known does not hold, and neither does its opposite.
      if (UNKNOWABLE.has(name) || holds === negated) matched = false;
    }
    return matched;
  }

  private holds(name: string, value: string, from: string): boolean {
    const { asked, settings } = this;
    switch (name) {
      case "host":
        return matchesAny(expandHostName(settings, asked.host), value.toLowerCase());
      case "originalhost":
        return matchesAny(asked.host.toLowerCase(), value.toLowerCase());
      case "user":
        return matchesAny(asked.user ?? settings.user ?? this.localUser.name, value);
      case "localuser":
        return matchesAny(this.localUser.name, value);
      default:
        if (UNKNOWABLE.has(name)) return false;
        throw new SshConfigError(from, `Match ${name} is not known here`);
    }
  }
}

/** Kinds of `Match` that ask for what is not run here, or is of the ssh command alone. Source: ssh_config(5) of 10.0. */
const UNKNOWABLE = new Set(["exec", "localnetwork", "tagged", "version", "command", "sessiontype"]);

/** The name to dial: HostName, where it is given, with its tokens. */
export function expandHostName({ hostName }: HostSettings, host: string): string {
  const name = hostName?.replace(/%[%h]/g, (token) => (token === "%h" ? host : "%")) ?? host;
  return name.toLowerCase();
}

/** How each keyword is taken; all others are passed over. */
const readers = new Map<string, (settings: HostSettings, line: Directive) => void>(
  Object.entries({
    hostname: (settings: HostSettings, line: Directive) => {
      settings.hostName ??= only(line);
    },
    user: (settings: HostSettings, line: Directive) => {
      settings.user ??= only(line);
    },
    port: (settings: HostSettings, line: Directive) => {
      const port = Number(only(line));
      if (!/^\+?\d+$/.test(only(line)) || port < 1 || port > 65535)
        throw new SshConfigError(line.from, "Port is 1 to 65535");
      settings.port ??= port;
    },
    identityfile: (settings: HostSettings, line: Directive) => {
      const file = only(line);
      if (!settings.identityFiles.includes(file)) settings.identityFiles.push(file);
    },
    identityagent: (settings: HostSettings, line: Directive) => {
      settings.identityAgent ??= only(line);
    },
    identitiesonly: (settings: HostSettings, line: Directive) => {
      const value = only(line).toLowerCase();
      const isYes = value === "yes" || value === "true";
      if (!isYes && value !== "no" && value !== "false")
        throw new SshConfigError(line.from, "IdentitiesOnly is yes or no");
      settings.identitiesOnly ??= isYes;
    },
    hostkeyalias: (settings: HostSettings, line: Directive) => {
      settings.hostKeyAlias ??= only(line);
    },
    userknownhostsfile: (settings: HostSettings, line: Directive) => {
      settings.userKnownHostsFiles ??= line.words.length ? line.words : missing(line.from, "UserKnownHostsFile");
    },
    proxyjump: (settings: HostSettings, { rest, from }: Directive) => {
      settings.proxy ??= { kind: "jump", value: rest || missing(from, "ProxyJump"), from };
    },
    proxycommand: (settings: HostSettings, { rest, from }: Directive) => {
      settings.proxy ??= { kind: "command", value: rest || missing(from, "ProxyCommand"), from };
    },
  }),
);

function only({ keyword, words, from }: Directive): string {
  if (words.length > 1) throw new SshConfigError(from, `${keyword} takes one value`);
  return words[0] || missing(from, keyword);
}

function missing(from: string, what: string): never {
  throw new SshConfigError(from, `${what} has no value`);
}

function matchesAny(text: string, patterns: string): boolean {
  return matchesPatternList(text, patterns.split(","));
}

function onlyStages(words: readonly string[]): boolean {
  return words.slice(0, -1).every((word) => /^!?(canonical|final)$/i.test(word));
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
