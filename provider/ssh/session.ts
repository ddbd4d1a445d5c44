import { EventEmitter } from "node:events";
import type { ClientChannel } from "ssh2";
import { CrosshostError } from "../errors";
import type { Link } from "./link";
import { NoSession, whileFull } from "./noSession";
import { Output } from "./output";
import { quoteAll } from "./quote";

/** How a command ended. */
export interface Ended {
  stdout: Buffer;
  stderr: string;
  exitCode: number;
}

/** One command running on a host. It holds a place among the link's sessions until it ends. */
export class Session extends EventEmitter<{ stdout: [Buffer]; ended: [] }> {
  /** Resolves when the command has exited by itself, whatever its exit code. */
  readonly ended: Promise<Ended>;
  private readonly stdout = new Output();
  private readonly stderr = new Output();
  private exit: { code: number | null; signal?: string } | undefined;
  private flooded = false;

  /**
   * Starts `command` once there is a place; `attempt` is its name in errors. `observe` gets the session before its
   * first event.
   */
  static async open(
    link: Link,
    command: readonly string[],
    { attempt = describeCommand(command), observe }: { attempt?: string; observe?: (session: Session) => void } = {},
  ): Promise<Session> {
    // Messages of tools are parsed here and there, so they come in one language.
    const line = `env LC_ALL=C ${quoteAll(command)}`;
    const release = await link.sessions.acquire();
    const begin = (channel: ClientChannel) => {
      const session = new Session(link, channel, attempt, release);
      observe?.(session);
      return session;
    };
    try {
      // `begin` is not called a tick later: a short command's exit may come in the same packet.
      return await whileFull(() =>
        link.openChannel(
          attempt,
          (done) => link.client.exec(line, done),
          begin,
          (reason, cause) => new NoSession(link, attempt, reason, cause),
        ),
      );
    } catch (error) {
      release();
      throw error;
    }
  }

  private constructor(
    private readonly link: Link,
    private readonly channel: ClientChannel,
    private readonly attempt: string,
    release: () => void,
  ) {
    super();
    this.ended = new Promise((resolve, reject) => {
      channel.on("close", () => {
        release();
        const end = this.end();
        if (end instanceof Error) reject(end);
        else resolve(end);
        this.emit("ended");
      });
    });
    // Whoever started the command may look at its end late; until then a failure is no unhandled one.
    this.ended.catch(() => undefined);
    // A write to a command that has gone away; its end says more.
    channel.on("error", () => channel.close());
    channel.on("exit", (code: number | null, signal?: string) => {
      this.exit = { code, signal };
    });
    channel.on("data", (chunk: Buffer) => this.collect(this.stdout, chunk));
    channel.stderr.on("data", (chunk: Buffer) => this.collect(this.stderr, chunk));
  }

  /** Writes what is given to the command's standard input and closes it. */
  closeInput(input?: string | Buffer): void {
    if (input === undefined) this.channel.end();
    else this.channel.end(input);
  }

  private collect(output: Output, chunk: Buffer): void {
    if (!output.add(chunk)) {
      this.flooded = true;
      this.channel.close();
    } else if (output === this.stdout) this.emit("stdout", chunk);
  }

  private end(): Ended | CrosshostError {
    const failed = (what: string) =>
      new CrosshostError(`host ${this.link.address}: ${this.attempt}: ${what}`, { code: "command-failed" });
    if (this.flooded) return failed("printed more than can be taken");
    if (this.exit?.signal) return failed(`killed by signal ${this.exit.signal}`);
    if (this.exit?.code == null) return this.link.lossOf(this.attempt);
    return { stdout: this.stdout.bytes(), stderr: this.stderr.text(), exitCode: this.exit.code };
  }
}

/** A command for a message: on one line, and not longer than one. */
export function describeCommand(command: readonly string[]): string {
  const line = quoteAll(command).replaceAll(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
