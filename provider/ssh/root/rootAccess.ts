import { CrosshostError, isCode } from "../../errors";
import type { RootScript } from "../host";
import type { Link } from "../link";
import { describeCommand, Session, type SessionOptions } from "../session";
import { openWithPassword } from "./sudoPassword";
import { explainSudo, passwordNeeded } from "./sudoRefusal";

/** How the user of a connection acts as root. */
type Way = "is root" | "by sudo" | "by sudo with password";

/** Before each command that needs root; sudo must never wait for a password that nobody can type. */
const sudo = ["sudo", "-n", "--"];

const probe = `if [ "$(id -u)" = 0 ]; then echo root; else exec ${sudo.join(" ")} true; fi`;

/**
 * What a connection's user does as root; how it becomes that is found out once. So is that it does not: hosts count wrong
 * passwords, and lock users out.
 */
export class RootAccess {
  readonly #password: string | undefined;
  private found: { way: Promise<Way>; attempt: string } | undefined;

  constructor(
    private readonly link: Link,
    private readonly user: string,
    password: string | undefined,
  ) {
    this.#password = password;
  }

  /** Whether the user is root by name. */
  get isRoot(): boolean {
    return this.user === "root";
  }

  /** Fails with `no-permission`, before anything is done, where the user can not become root. */
  async require(attempt: string): Promise<void> {
    await this.way(attempt);
  }

  /** Starts a command as root. */
  async open(command: readonly string[] | RootScript, options: SessionOptions = {}): Promise<Session> {
    const attempt = options.attempt ?? nameOf(command);
    const way = await this.way(attempt);
    // Under a list of allowed commands a script as a whole is not among them: its steps are.
    const prefix = way === "by sudo" ? sudo : [];
    const words = isScript(command) ? asWords(command, prefix) : [...prefix, ...command];
    if (way !== "by sudo with password") return await Session.open(this.link, words, { ...options, attempt });
    return await openWithPassword(this.link, this.user, words, this.#password!, { ...options, attempt });
  }

  /** What a command that ended with this on standard error was refused by sudo for; nothing where it was not. */
  refusal(attempt: string, stderr: string): CrosshostError | undefined {
    return explainSudo(this.link.address, this.user, attempt, stderr);
  }

  private async way(attempt: string): Promise<Way> {
    if (this.isRoot) return "is root";
    this.found ??= { way: this.find(attempt), attempt };
    const { found } = this;
    try {
      return await found.way;
    } catch (error) {
      if (isCode(error, "no-permission")) throw renamed(error as CrosshostError, found.attempt, attempt);
      if (this.found === found) this.found = undefined;
      throw error;
    }
  }

  private async find(attempt: string): Promise<Way> {
    const session = await Session.open(this.link, ["sh", "-c", probe], { attempt: "sudo -n true", limit: 30_000 });
    session.closeInput();
    const { stdout, stderr, exitCode } = await session.ended;
    if (exitCode === 0) return stdout.toString().trim() === "root" ? "is root" : "by sudo";
    if (passwordNeeded(stderr) && this.#password !== undefined) {
      const trial = await openWithPassword(this.link, this.user, ["true"], this.#password, {
        ...{ attempt, limit: 60_000 },
      });
      trial.closeInput();
      await trial.ended;
      return "by sudo with password";
    }
    throw (
      this.refusal(attempt, stderr) ??
      new CrosshostError(`host ${this.link.address}: cannot ${attempt}: sudo fails: ${stderr.trim()}`, {
        code: "no-permission",
      })
    );
  }
}

/** The refusal of one attempt as that of another. */
function renamed({ message, code, hint, cause }: CrosshostError, from: string, to: string): CrosshostError {
  return new CrosshostError(
    message.replace(`cannot ${from}: `, () => `cannot ${to}: `),
    { code, hint, cause },
  );
}

function isScript(command: readonly string[] | RootScript): command is RootScript {
  return "text" in command;
}

function asWords({ text, args }: RootScript, prefix: readonly string[]): string[] {
  return ["sh", "-c", `sudo='${prefix.join(" ")}'\n${text}`, "sh", ...args];
}

/** A command's name in errors. */
export function nameOf(command: readonly string[] | RootScript): string {
  return isScript(command) ? command.name : describeCommand(command);
}
