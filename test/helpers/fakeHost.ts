import type { Duplex } from "node:stream";
import { CrosshostError } from "../../provider/errors";
import type {
  CommandOptions,
  CommandResult,
  Host,
  RemoteFile,
  RootScript,
  RunningCommand,
} from "../../provider/ssh/host";

/** What a command answers: its standard output, or all of it. */
export type Answer = string | Partial<CommandResult>;
type Answering = Answer | ((command: readonly string[]) => Answer | Promise<Answer>);

/** A host whose commands answer by a script: the longest beginning of the command line that is listed counts. */
export class FakeHost implements Host {
  readonly commands: string[] = [];
  readonly files = new Map<string, string>();

  constructor(
    private readonly script: Record<string, Answering> = {},
    readonly address = "10.77.0.1",
    readonly user = "root",
    private readonly tcp?: (host: string, port: number) => Duplex,
  ) {}

  async run(
    given: readonly string[] | RootScript,
    { allowedExitCodes = [0] }: CommandOptions = {},
  ): Promise<CommandResult> {
    const command = "text" in given ? ["sh", "-c", given.text, "sh", ...given.args] : given;
    const line = command.join(" ");
    this.commands.push(line);
    const [beginning] = Object.keys(this.script)
      .filter((candidate) => line.startsWith(candidate))
      .sort((a, b) => b.length - a.length);
    if (beginning === undefined) throw new Error(`the script has no answer to: ${line}`);
    const answering = this.script[beginning]!;
    const answer = typeof answering === "function" ? await answering(command) : answering;
    const result = {
      stdout: "",
      stderr: "",
      exitCode: 0,
      ...(typeof answer === "string" ? { stdout: answer } : answer),
    };
    if (allowedExitCodes.includes(result.exitCode)) return result;
    throw new CrosshostError(`host ${this.address}: \`${line}\`: exit code ${result.exitCode}: ${result.stderr}`, {
      code: "command-failed",
    });
  }

  async start(command: readonly string[] | RootScript): Promise<RunningCommand> {
    const result = await this.run(command);
    const lines = result.stdout.split("\n");
    return {
      nextLine: async () => lines.shift() ?? "",
      finish: async () => {
        this.commands.push(`finish ${"text" in command ? command.name : command[0]}`);
        return result;
      },
    };
  }

  async requireRoot(attempt: string): Promise<void> {
    if (this.user === "root") return;
    throw new CrosshostError(`host ${this.address}: cannot ${attempt}: that needs root`, { code: "no-permission" });
  }

  async openCommand(): Promise<Duplex> {
    throw new Error("no command to stream from");
  }

  async readFile(path: string): Promise<RemoteFile | undefined> {
    const content = this.files.get(path);
    return content === undefined ? undefined : { content: Buffer.from(content), mode: 0o644, uid: 0, gid: 0 };
  }

  async writeFile(path: string, content: string | Buffer): Promise<void> {
    this.commands.push(`write ${path}`);
    this.files.set(path, content.toString());
  }

  async removeFile(path: string): Promise<void> {
    this.commands.push(`remove ${path}`);
    this.files.delete(path);
  }

  async openSocket(path: string): Promise<Duplex> {
    throw new Error(`no socket ${path}`);
  }

  async openTcp(host: string, port: number): Promise<Duplex> {
    if (this.tcp) return this.tcp(host, port);
    throw new CrosshostError(`host ${this.address}: cannot connect to ${host}:${port}: connection refused`, {
      code: "refused",
    });
  }
}
