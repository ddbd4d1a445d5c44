import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { attempt, type Ran, run } from "./run";

/** How the lab's own OpenSSH client gets in: its key, and the hosts' keys that it insists on. */
export interface Access {
  /** The lab's folder, with `id` and `known_hosts`. */
  dir: string;
  address: string;
}

/** Makes an ed25519 key pair at `file` and `file`.pub. */
export async function makeKey(file: string, comment: string): Promise<void> {
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file]);
}

/** Runs a command, word by word as given, on a host as root. Exit code 255 is ssh's own: the host was not reached. */
export async function ssh(access: Access, command: string[], options: { input?: string } = {}): Promise<Ran> {
  return await attempt("ssh", [...sshArgs(access), "--", ...remoteCommand(command)], options);
}

/** The same on this process's own terminal; without a command a login. Gives the exit code. */
export async function sshInteractive(access: Access, command: string[]): Promise<number> {
  const terminal = command.length === 0 ? ["-t"] : [];
  const args = [...sshArgs(access), ...terminal, "--", ...remoteCommand(command)];
  const [code] = await once(spawn("ssh", args, { stdio: "inherit" }), "exit");
  return typeof code === "number" ? code : 255;
}

function sshArgs({ dir, address }: Access): string[] {
  const options = {
    UserKnownHostsFile: join(dir, "known_hosts"),
    GlobalKnownHostsFile: "none",
    StrictHostKeyChecking: "yes",
    IdentitiesOnly: "yes",
    BatchMode: "yes",
    ConnectTimeout: "3",
    LogLevel: "ERROR",
  };
  const given = Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  return ["-F", "none", "-i", join(dir, "id"), ...given, `root@${address}`];
}

/** The far end gives its shell one line; quoting keeps each word one word there. */
function remoteCommand(words: string[]): string[] {
  return words.length === 0 ? [] : [words.map(quote).join(" ")];
}

/** A word as a POSIX shell reads it back unchanged. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
