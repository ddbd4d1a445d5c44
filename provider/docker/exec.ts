import { LostConnection } from "../lostConnection";
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
  const { Running, ExitCode } = await requester.json<{ Running: boolean; ExitCode: number | null }>({
    attempt,
    method: "GET",
    path: `/exec/${Id}/json`,
  });
  if (Running || ExitCode === null) {
    // The output ended before the command did: the channel was cut.
    throw new LostConnection(`host ${requester.host.address}: ${attempt}: its output was cut off`, undefined);
  }
  const { stdout, stderr } = separate(output);
  return { stdout, stderr, exitCode: ExitCode };
}
