import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expandHome, type LocalUser } from "../localUser";
import { matchesPattern } from "../trust/pattern";
import { type Directive, parseDirectives } from "./directives";
import { SshConfigError } from "./sshConfigError";

/** OpenSSH's limit of files that include each other. */
const DEEPEST = 16;

/** A file's lines; those of an included file stand in place of the line that includes it. */
export interface ConfigFile {
  name: string;
  lines: (Directive | Include)[];
}

export interface Include {
  included: ConfigFile[];
}

/** Reads the user's file and the machine's, with all that they include; files that are not there count as empty. */
export async function readConfigFiles(user: LocalUser): Promise<ConfigFile[]> {
  const own = await readConfig("~/.ssh/config", { user, folder: "~/.ssh", isOwn: true, depth: 0 });
  const system = await readConfig(user.systemConfig, {
    ...{ user, folder: dirname(user.systemConfig), isOwn: false, depth: 0 },
  });
  return [own, system];
}

interface Reading {
  user: LocalUser;
  /** What relative includes are relative to. */
  folder: string;
  /** The user's own file and what it includes: nobody else may be able to write them. */
  isOwn: boolean;
  depth: number;
}

async function readConfig(name: string, reading: Reading): Promise<ConfigFile> {
  const lines: ConfigFile["lines"] = [];
  for (const directive of parseDirectives(await contentOf(name, reading), name)) {
    if (directive.keyword === "include") lines.push(await readIncluded(directive, reading));
    else lines.push(directive);
  }
  return { name, lines };
}

async function readIncluded({ words, from }: Directive, reading: Reading): Promise<Include> {
  if (words.length === 0) throw new SshConfigError(from, "Include names no file");
  if (reading.depth >= DEEPEST) throw new SshConfigError(from, `more than ${DEEPEST} files include each other`);
  const included: ConfigFile[] = [];
  for (const word of words) {
    const pattern = word.startsWith("/") || word.startsWith("~") ? word : join(reading.folder, word);
    for (const name of await namesMatching(pattern, reading.user, from)) {
      included.push(await readConfig(name, { ...reading, depth: reading.depth + 1 }));
    }
  }
  return { included };
}

/** The files that a pattern of `Include` names, sorted. */
async function namesMatching(pattern: string, { home }: LocalUser, from: string): Promise<string[]> {
  if (/^~[^/]/.test(pattern)) throw new SshConfigError(from, `the home of another user is not looked up: ${pattern}`);
  if (/[[\]{}]/.test(pattern)) throw new SshConfigError(from, `only * and ? are known in a file's name: ${pattern}`);
  let names = [""];
  for (const segment of pattern.split("/")) {
    const matching = await Promise.all(names.map((name) => entriesMatching(name, segment, home)));
    names = matching.flat();
  }
  return names.map((name) => name.slice(1));
}

async function entriesMatching(folder: string, segment: string, home: string): Promise<string[]> {
  if (!/[*?]/.test(segment)) return [`${folder}/${segment}`];
  const entries = await readdir(expandHome(`${folder.slice(1)}/`, home)).catch(() => []);
  return entries
    .filter((entry) => matchesPattern(entry, segment) && (!entry.startsWith(".") || segment.startsWith(".")))
    .sort()
    .map((entry) => `${folder}/${entry}`);
}

async function contentOf(name: string, { user, isOwn }: Reading): Promise<string> {
  const path = expandHome(name, user.home);
  try {
    if (isOwn) await requirePrivate(path, name);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof SshConfigError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return "";
    throw new SshConfigError(name, `cannot be read: ${message}`);
  }
}

/** As ssh does: who can write this file decides whom we talk to, and as whom. */
async function requirePrivate(path: string, name: string): Promise<void> {
  const { uid, mode } = await stat(path);
  const isOwner = uid === 0 || uid === process.getuid?.();
  if (!isOwner || (mode & 0o022) !== 0) {
    throw new SshConfigError(name, "it belongs to somebody else, or others may write it; ssh does not read it either");
  }
}
