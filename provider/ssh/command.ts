import { CrosshostError } from "../errors";
import type { CommandOptions, CommandResult, RunningCommand } from "./host";
import { Lines } from "./lines";
import type { Link } from "./link";
import { lastLine } from "./output";
import { describeCommand, type Ended, Session } from "./session";

/** Runs a command to its end; its exit code is the caller's to judge. `attempt` is its name in errors. */
export async function execute(
  link: Link,
  command: readonly string[],
  { input, attempt }: { input?: string | Buffer; attempt?: string } = {},
): Promise<Ended> {
  const session = await Session.open(link, command, { attempt });
  session.closeInput(input);
  return await session.ended;
}

/** `Host.run` */
export async function run(
  link: Link,
  command: readonly string[],
  { input, allowedExitCodes = [0] }: CommandOptions = {},
): Promise<CommandResult> {
  return judge(link, command, await execute(link, command, { input }), allowedExitCodes);
}

/** `Host.start` */
export async function start(link: Link, command: readonly string[]): Promise<RunningCommand> {
  const lines = new Lines();
  const session = await Session.open(link, command, { observe: (session) => lines.follow(session) });
  return {
    async nextLine() {
      const line = await lines.next();
      if (line !== undefined) return line;
      const { stderr, exitCode } = await session.ended;
      throw failure(link, command, `ended with exit code ${exitCode} before it printed a line`, stderr);
    },
    async finish() {
      session.closeInput();
      return judge(link, command, await session.ended, [0]);
    },
  };
}

function judge(link: Link, command: readonly string[], ended: Ended, allowed: readonly number[]): CommandResult {
  const { stdout, stderr, exitCode } = ended;
  if (!allowed.includes(exitCode)) throw failure(link, command, `exit code ${exitCode}`, stderr);
  return { stdout: stdout.toString("utf8"), stderr, exitCode };
}

function failure(link: Link, command: readonly string[], what: string, stderr: string): CrosshostError {
  const said = lastLine(stderr);
  return new CrosshostError(`host ${link.address}: ${describeCommand(command)}: ${what}${said ? `: ${said}` : ""}`, {
    code: "command-failed",
  });
}
