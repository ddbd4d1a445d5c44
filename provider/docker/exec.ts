import { isCode } from "../errors";
import { LostConnection } from "../lostConnection";
import { Deadline, waitFor } from "../wait";
import type { ExecOptions, ExecResult } from "./api";
import { named } from "./call";
import { separate } from "./frames";
import type { Requester } from "./requester";

/** Runs a command in a container. The engine streams its output over the request's channel, then closes that. */
export async function execIn(
  requester: Requester,
  container: string,
  command: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const attempt = `run ${command[0]} in container "${container}"`;
  const { Id } = await requester.json<{ Id: string }>({
    attempt,
    method: "POST",
    path: `/containers/${named(container)}/exec`,
    body: {
      AttachStdout: true,
      AttachStderr: true,
      Cmd: command,
      User: options.user,
      Env: options.env,
      Privileged: options.privileged,
    },
  });
  const output = await requester.bytes({
    attempt,
    method: "POST",
    path: `/exec/${Id}/start`,
    body: { Detach: false, Tty: false },
    long: true,
  });
  const exitCode = await exitCodeOf(requester, attempt, Id);
  const { stdout, stderr } = separate(output);
  return { stdout, stderr, exitCode };
}

/** The engine hears of a command's end a moment after that of its output. */
const hearing = 2_000;

async function exitCodeOf(requester: Requester, attempt: string, id: string): Promise<number> {
  const look = async () => {
    const { Running, ExitCode } = await requester.json<{ Running: boolean; ExitCode: number | null }>({
      attempt,
      method: "GET",
      path: `/exec/${id}/json`,
    });
    return Running || ExitCode === null ? { seen: "it still runs" } : { done: ExitCode };
  };
  const ended = waitFor<number>(look, { what: "the end of a command", deadline: new Deadline(hearing) });
  return await ended.catch((error: unknown) => {
    if (!isCode(error, "not-ready")) throw error;
    // The output ended before the command did: the channel was cut.
    throw new LostConnection(`host ${requester.host.address}: ${attempt}: its output was cut off`, error);
  });
}
