import type { Duplex } from "node:stream";
import { CrosshostError } from "../errors";
import { CommandStream } from "./commandStream";
import type { CommandOptions, CommandResult, RootScript, RunningCommand } from "./host";
import { Lines } from "./lines";
import type { Link } from "./link";
import { lastLine } from "./output";
import { nameOf, type RootAccess } from "./root/rootAccess";
import { type Ended, Session, type SessionOptions } from "./session";

/** What waits for nothing but this host's own work is done by then, or never. */
const defaultLimit = 120_000;

/** A command that goes on while its caller does something that waits for a host. */
const goingOnLimit = 300_000;

/** A command that is to run. */
type Command = readonly string[] | RootScript;

/** Where commands run: a connection, and how its user becomes root. */
export interface Shell {
  link: Link;
  root: RootAccess;
}

/** Runs a command to its end; its exit code is the caller's to judge, unless it is sudo's refusal. */
export async function execute(
  shell: Shell,
  command: Command,
  { input, asRoot, limit = defaultLimit }: CommandOptions = {},
): Promise<Ended> {
  const session = await open(shell, command, { asRoot, limit });
  session.closeInput(input);
  const ended = await session.ended;
  const needsRoot = asRoot || "text" in command;
  const refusal = needsRoot && ended.exitCode !== 0 && shell.root.refusal(nameOf(command), ended.stderr);
  if (refusal) throw refusal;
  return ended;
}

/** `Host.run` */
export async function run(shell: Shell, command: Command, options: CommandOptions = {}): Promise<CommandResult> {
  return judge(shell, command, await execute(shell, command, options), options.allowedExitCodes ?? [0]);
}

/** `Host.start` */
export async function start(shell: Shell, command: Command): Promise<RunningCommand> {
  const lines = new Lines();
  const session = await open(shell, command, { limit: goingOnLimit, observe: (session) => lines.follow(session) });
  return {
    async nextLine() {
      const line = await lines.next();
      if (line !== undefined) return line;
      const { stderr, exitCode } = await session.ended;
      throw (
        shell.root.refusal(nameOf(command), stderr) ??
        failure(shell, command, `ended with exit code ${exitCode} before it printed a line`, stderr)
      );
    },
    async finish() {
      session.closeInput();
      return judge(shell, command, await session.ended, [0]);
    },
  };
}

/** `Host.openCommand` */
export async function openCommand(
  shell: Shell,
  command: readonly string[],
  { asRoot }: { asRoot?: boolean } = {},
): Promise<Duplex> {
  const explain = (exitCode: number, stderr: string) => {
    const refusal = asRoot ? shell.root.refusal(nameOf(command), stderr) : undefined;
    return refusal ?? failure(shell, command, `exit code ${exitCode}`, stderr);
  };
  let stream: CommandStream | undefined;
  const observe = (session: Session) => {
    stream = new CommandStream(session, explain);
    // Until the caller has it, it fails for nobody; who writes to it later hears of it.
    stream.on("error", () => undefined);
  };
  await open(shell, command, { asRoot, streamed: true, observe });
  return stream!;
}

function open(
  { link, root }: Shell,
  command: Command,
  { asRoot, ...options }: SessionOptions & { asRoot?: boolean },
): Promise<Session> {
  if ("text" in command) return root.open(command, options);
  return asRoot ? root.open(command, options) : Session.open(link, command, options);
}

function judge(shell: Shell, command: Command, ended: Ended, allowed: readonly number[]): CommandResult {
  const { stdout, stderr, exitCode } = ended;
  if (!allowed.includes(exitCode)) throw failure(shell, command, `exit code ${exitCode}`, stderr);
  return { stdout: stdout.toString("utf8"), stderr, exitCode };
}

function failure({ link }: Shell, command: Command, what: string, stderr: string): CrosshostError {
  const said = lastLine(stderr);
  return new CrosshostError(`host ${link.address}: ${nameOf(command)}: ${what}${said ? `: ${said}` : ""}`, {
    code: "command-failed",
  });
}
