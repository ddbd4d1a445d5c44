import { CrosshostError, type ErrorCode } from "../errors";
import { execute } from "./command";
import { readScript, removeScript, writeScript } from "./fileScripts";
import type { RemoteFile } from "./host";
import type { Link } from "./link";
import { lastLine } from "./output";

/** `Host.readFile` */
export async function readFile(link: Link, path: string): Promise<RemoteFile | undefined> {
  const { stdout, stderr, exitCode } = await execute(link, ["sh", "-c", readScript, "sh", path], {
    attempt: `read ${path}`,
  });
  if (exitCode === 0) return parse(stdout);
  // Only these two are proof that there is no such file; anything else means that we could not look.
  if (/No such file or directory|Not a directory/.test(stderr)) return undefined;
  throw failure(link, `read ${path}`, stderr);
}

/** `Host.writeFile` */
export async function writeFile(
  link: Link,
  path: string,
  content: string | Buffer,
  options: { mode?: number } = {},
): Promise<void> {
  const bytes = Buffer.from(content);
  const mode = options.mode === undefined ? "" : options.mode.toString(8);
  const command = ["sh", "-c", writeScript, "sh", path, mode, String(bytes.length)];
  const { stderr, exitCode } = await execute(link, command, { input: bytes, attempt: `write ${path}` });
  if (exitCode !== 0) throw failure(link, `write ${path}`, stderr);
}

/** `Host.removeFile` */
export async function removeFile(link: Link, path: string): Promise<void> {
  const { stderr, exitCode } = await execute(link, ["sh", "-c", removeScript, "sh", path], {
    attempt: `remove ${path}`,
  });
  if (exitCode !== 0) throw failure(link, `remove ${path}`, stderr);
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

function failure(link: Link, attempt: string, stderr: string): CrosshostError {
  const known = reasons.find(([pattern]) => pattern.test(stderr));
  const [, what, code, hint] = known ?? [undefined, lastLine(stderr), "command-failed" as const, undefined];
  return new CrosshostError(`host ${link.address}: cannot ${attempt}: ${what}`, { code, hint });
}
