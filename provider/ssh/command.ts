import { CrosshostError } from "../errors";
import type { CommandOptions, CommandResult, RunningCommand } from "./host";
import type { Link } from "./link";
import { lastLine } from "./output";
import { describeCommand, type Ended, Session } from "./session";

/** Runs a command to its end; its exit code is the caller's to judge. `attempt` is its name in errors. */
export async function execute(
  link: Link,
  command: readonly string[],
  { input, attempt }: { input?: string | Buffer; attempt?: string } = {},
): Promise<Ended> {
  const session = await Session.open(link, command, attempt);
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
  const session = await Session.open(link, command);
  const lines = new Lines(session);
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

/** The lines of a command's standard output as they come. */
class Lines {
  private readonly complete: string[] = [];
  private readonly readers: ((line: string | undefined) => void)[] = [];
  private rest = Buffer.alloc(0);
  private over = false;

  constructor(session: Session) {
    session.on("stdout", (chunk) => this.add(chunk));
    session.on("ended", () => {
      if (this.rest.length) this.deliver(this.rest.toString("utf8"));
      this.over = true;
      for (const reader of this.readers.splice(0)) reader(undefined);
    });
  }

  /** The next line without its end, or undefined when there are no more. */
  next(): Promise<string | undefined> {
    const line = this.complete.shift();
    if (line !== undefined || this.over) return Promise.resolve(line);
    return new Promise((resolve) => this.readers.push(resolve));
  }

  private add(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (let end = this.rest.indexOf(10); end >= 0; end = this.rest.indexOf(10)) {
      this.deliver(this.rest.toString("utf8", 0, end));
      this.rest = this.rest.subarray(end + 1);
    }
  }

  private deliver(line: string): void {
    const reader = this.readers.shift();
    if (reader) reader(line);
    else this.complete.push(line);
  }
}
