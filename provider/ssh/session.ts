import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import type { ClientChannel } from "ssh2";
import { CrosshostError } from "../errors";
import type { Link } from "./link";
import { NoSession, whileFull } from "./noSession";
import { lastLine, Output } from "./output";
import { quoteAll } from "./quote";

/** How a command ended. */
export interface Ended {
  stdout: Buffer;
  stderr: string;
  exitCode: number;
}

export interface SessionOptions {
  /** The command's name in errors. Default: the command. */
  attempt?: string;
  /** Milliseconds after which it is given up. Default: none. */
  limit?: number;
  /** Whether standard output is only told by the event, and not gathered. */
  streamed?: boolean;
  /** Gets the session before its first event. */
  observe?: (session: Session) => void;
}

/** Every SSH server takes a packet of this size (RFC 4253, 6.1); what is longer belongs on standard input. */
const longestCommand = 32_000;

/**
 * Nothing, in a POSIX shell; a login shell of another kind, whose quotes may mean something else (fish takes a backslash
 * between them), finds a mistake here and runs nothing of the line.
 */
const posixOnly = "case x in x) ;; esac";

/** Printed before the command's own output: what comes earlier is the chatter of login scripts. */
const begun = `crosshost-${randomBytes(8).toString("hex")}:`;

/** So much chatter is borne. */
const longestChatter = 1_000_000;

/** How long a host may take to agree that a session is closed, which is given up from here. */
const closingLimit = 5_000;

/** One command running on a host. It holds a place among the link's sessions until it ends. */
export class Session extends EventEmitter<{ stdout: [Buffer]; ended: [] }> {
  /** Resolves when the command has exited by itself, whatever its exit code. */
  readonly ended: Promise<Ended>;
  /** Takes what comes on standard error and gives back what is to be kept of it. */
  filterStderr: (chunk: Buffer) => Buffer = (chunk) => chunk;
  /** What came before the command began; undefined from then on. */
  private chatter: Output | undefined = new Output(longestChatter);
  /** The end of that, which may be the beginning of the mark that the command begins. */
  private chatterEnd: Buffer = Buffer.alloc(0);
  private readonly stdout = new Output();
  private readonly stderr = new Output();
  private exit: { code: number | null; signal?: string } | undefined;
  /** Why it was given up from here. */
  private givenUp: CrosshostError | undefined;
  private closing: NodeJS.Timeout | undefined;
  /** Settles `ended`, and gives the place back. */
  private readonly over: () => void;

  /** Starts `command` once there is a place. */
  static async open(link: Link, command: readonly string[], options: SessionOptions = {}): Promise<Session> {
    const attempt = options.attempt ?? describeCommand(command);
    // Messages of tools are parsed here and there, so they come in one language.
    const line = `${posixOnly}; printf %s ${begun}; env LC_ALL=C ${quoteAll(command)}`;
    const bytes = Buffer.byteLength(line);
    if (bytes > longestCommand) {
      throw failed(link, attempt, `the command is too long: ${bytes} bytes, and at most ${longestCommand} are sent`);
    }
    const release = await link.sessions.acquire();
    const begin = (channel: ClientChannel) => {
      const session = new Session(link, channel, attempt, release, options);
      options.observe?.(session);
      return session;
    };
    try {
      // `begin` is not called a tick later: a short command's exit may come in the same packet.
      return await whileFull(link, () =>
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
    { limit, streamed = false }: SessionOptions,
  ) {
    super();
    link.openSessions++;
    const timer = limit === undefined ? undefined : setTimeout(() => this.giveUp(this.late(limit)), limit);
    let settle = (_end: Ended | CrosshostError) => {};
    this.ended = new Promise((resolve, reject) => {
      settle = (end) => (end instanceof Error ? reject(end) : resolve(end));
    });
    let isOver = false;
    this.over = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      clearTimeout(this.closing);
      link.openSessions--;
      release();
      settle(this.end());
      this.emit("ended");
    };
    channel.on("close", this.over);
    // Whoever started the command may look at its end late; until then a failure is no unhandled one.
    this.ended.catch(() => undefined);
    // A write to a command that has gone away; its end says more.
    channel.on("error", () => channel.close());
    channel.on("exit", (code: number | null, signal?: string) => {
      this.exit = { code, signal };
    });
    channel.on("data", (chunk: Buffer) => this.hear(chunk, streamed));
    channel.stderr.on("data", (chunk: Buffer) => {
      if (!this.givenUp) this.collect(this.stderr, this.filterStderr(chunk));
    });
  }

  /** The command's standard input and output. */
  get stream(): Duplex {
    return this.channel;
  }

  /** What has come on standard error up to now. */
  get stderrSoFar(): string {
    return this.stderr.text();
  }

  write(input: string): void {
    this.channel.write(input);
  }

  /** Writes what is given to the command's standard input and closes it. */
  closeInput(input?: string | Buffer): void {
    if (input === undefined) this.channel.end();
    else this.channel.end(input);
  }

  /** Ends the command; `ended` fails with `reason`. */
  giveUp(reason: CrosshostError): void {
    if (this.givenUp) return;
    this.givenUp = reason;
    this.expectClosing();
    // Not every command ends because nobody listens any more.
    this.channel.signal("KILL");
    this.channel.close();
  }

  /** Closes it from here, whatever the command does about that. */
  letGo(): void {
    this.expectClosing();
    this.channel.destroy();
  }

  /** A host that is broken may never agree that the session is closed. */
  private expectClosing(): void {
    this.closing ??= setTimeout(this.over, closingLimit);
  }

  private hear(chunk: Buffer, streamed: boolean): void {
    if (this.givenUp) return;
    const own = this.chatter ? this.afterChatter(this.chatter, chunk) : chunk;
    if (!own?.length) return;
    if (streamed || this.collect(this.stdout, own)) this.emit("stdout", own);
  }

  /** What of a chunk is the command's own, undefined while that has not begun. */
  private afterChatter(chatter: Output, chunk: Buffer): Buffer | undefined {
    this.collect(chatter, chunk);
    // Not all that was heard is looked through each time: it may come byte by byte.
    const heard = Buffer.concat([this.chatterEnd, chunk]);
    const start = heard.indexOf(begun);
    this.chatterEnd = heard.subarray(-(begun.length - 1));
    if (start < 0) return undefined;
    this.chatter = undefined;
    return heard.subarray(start + begun.length);
  }

  /** Whether there is still room for it. */
  private collect(output: Output, chunk: Buffer): boolean {
    const hasRoom = output.add(chunk);
    if (!hasRoom) this.giveUp(failed(this.link, this.attempt, "printed more than can be taken"));
    return hasRoom;
  }

  private notBegun(chatter: Output): CrosshostError {
    const said = lastLine(chatter.text()) || lastLine(this.stderr.text());
    return new CrosshostError(
      `host ${this.link.address}: ${this.attempt}: the host runs no commands for this user${said ? `: ${said}` : ""}`,
      {
        code: "no-permission",
        hint: "the user's login shell must be one of POSIX (sh, bash, zsh, …) and run what it is given",
      },
    );
  }

  private late(limit: number): CrosshostError {
    return new CrosshostError(`host ${this.link.address}: ${this.attempt}: has not ended in ${limit / 1000} s`, {
      code: "timed-out",
      hint: "does it end there when it is run by hand?",
    });
  }

  private end(): Ended | CrosshostError {
    if (this.givenUp) return this.givenUp;
    if (this.exit?.signal) return failed(this.link, this.attempt, `killed by signal ${this.exit.signal}`);
    if (this.exit?.code == null) return this.link.lossOf(this.attempt);
    if (this.chatter) return this.notBegun(this.chatter);
    return { stdout: this.stdout.bytes(), stderr: this.stderr.text(), exitCode: this.exit.code };
  }
}

function failed(link: Link, attempt: string, what: string): CrosshostError {
  return new CrosshostError(`host ${link.address}: ${attempt}: ${what}`, { code: "command-failed" });
}

/** A command for a message: on one line, and not longer than one. */
export function describeCommand(command: readonly string[]): string {
  const line = quoteAll(command).replaceAll(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
