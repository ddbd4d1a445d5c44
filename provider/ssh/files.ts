import { CrosshostError, type ErrorCode } from "../errors";
import { execute, type Shell } from "./command";
import { readScript, removeScript, writeScript } from "./fileScripts";
import type { RemoteFile } from "./host";
import { lastLine } from "./output";

/** `Host.readFile` */
export async function readFile(shell: Shell, path: string): Promise<RemoteFile | undefined> {
  const name = `read ${path}`;
  let ended = await execute(shell, ["sh", "-c", readScript, "sh", path]);
  if (ended.exitCode !== 0 && /Permission denied/.test(ended.stderr) && !shell.root.isRoot) {
    ended = await execute(shell, { name, text: readScript, args: [path] });
  }
  const { stdout, stderr, exitCode } = ended;
  if (exitCode === 0) return parse(stdout);
  // Only these two are proof that there is no such file; anything else means that we could not look.
  if (/No such file or directory|Not a directory/.test(stderr)) return undefined;
  throw failure(shell, name, stderr);
}

/** `Host.writeFile` */
export async function writeFile(
  shell: Shell,
  path: string,
  content: string | Buffer,
  options: { mode?: number } = {},
): Promise<void> {
  const bytes = Buffer.from(content);
  const mode = options.mode === undefined ? "" : options.mode.toString(8);
  const script = { name: `write ${path}`, text: writeScript, args: [path, mode, String(bytes.length)] };
  const { stderr, exitCode } = await execute(shell, script, { input: bytes });
  if (exitCode !== 0) throw failure(shell, script.name, stderr);
}

/** `Host.removeFile` */
export async function removeFile(shell: Shell, path: string): Promise<void> {
  const script = { name: `remove ${path}`, text: removeScript, args: [path] };
  const { stderr, exitCode } = await execute(shell, script);
  if (exitCode !== 0) throw failure(shell, script.name, stderr);
}

function parse(stdout: Buffer): RemoteFile {
  const end = stdout.indexOf("\n");
  const [mode = "", uid, gid] = stdout.toString("latin1", 0, end).split(" ");
  return { content: stdout.subarray(end + 1), mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid) };
}

/** What the system says, and what that means to us. */
const reasons: [RegExp, string, ErrorCode, string?][] = [
  [/Permission denied/, "permission denied", "no-permission", "connect as root"],
  [/Operation not permitted/, "operation not permitted", "no-permission", "connect as root"],
  [/Read-only file system/, "the file system is read-only", "command-failed"],
  [/No space left on device/, "no space left on the device", "command-failed"],
  [/No such file or directory/, "there is no such folder", "command-failed"],
];

function failure({ link }: Shell, attempt: string, stderr: string): CrosshostError {
  const known = reasons.find(([pattern]) => pattern.test(stderr));
  const [, what, code, hint] = known ?? [undefined, lastLine(stderr), "command-failed" as const, undefined];
  return new CrosshostError(`host ${link.address}: cannot ${attempt}: ${what}`, { code, hint });
}
