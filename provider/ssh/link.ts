import { type InspectOptions, inspect } from "node:util";
import type { Client, ClientChannel } from "ssh2";
import { CrosshostError } from "../errors";
import { LostConnection } from "../lostConnection";
import { Semaphore } from "./semaphore";

/** sshd lets ten sessions run on one connection (MaxSessions); the rest is left to those that are just closing. */
const sessionLimit = 8;

/** A host that has not opened a channel by then, or said why not, will not. */
const openLimit = 60_000;

/** One established SSH connection. Once lost, it stays lost. */
export class Link {
  /** Commands take a place here; forwarded channels do not count for sshd. */
  readonly sessions = new Semaphore(sessionLimit);
  /** How many commands run now. */
  openSessions = 0;
  private lostBy: { cause: Error | undefined } | undefined;
  private lastError: Error | undefined;

  constructor(
    readonly client: Client,
    readonly address: string,
  ) {
    client.on("error", (error) => {
      this.lastError = error;
    });
    client.on("close", () => {
      this.lostBy ??= { cause: this.lastError };
    });
  }

  get lost(): boolean {
    return this.lostBy !== undefined;
  }

  onLost(listener: () => void): void {
    if (this.lost) listener();
    else this.client.once("close", listener);
  }

  /** The error of a call that the loss of this connection has cut off. */
  lossOf(attempt: string): LostConnection {
    const cause = this.lostBy?.cause ?? this.lastError;
    const reason = cause ? ` (${cause.message})` : "";
    return new LostConnection(`host ${this.address}: ${attempt}: the SSH connection was lost${reason}`, cause);
  }

  /**
   * Opens a channel by `open`; `attempt` says for what. `use` gets it before anything that comes over it. `explain`
   * turns the host's refusal into an error, given its reason in words.
   */
  openChannel<T>(
    attempt: string,
    open: (done: (error: Error | undefined, channel: ClientChannel) => void) => void,
    use: (channel: ClientChannel) => T,
    explain: (reason: string, cause: Error) => CrosshostError,
    milliseconds = openLimit,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        reject(this.noAnswer(attempt, milliseconds));
      }, milliseconds);
      const fail = (error: Error) => {
        clearTimeout(timer);
        if (this.lost || error.message === "Not connected") reject(this.lossOf(attempt));
        else reject(explain(error.message.replace(/^\(SSH\) /, ""), error));
      };
      try {
        open((error, channel) => {
          if (error) fail(error);
          // A channel that comes after all has no one to use it.
          else if (isLate) channel.close();
          else {
            clearTimeout(timer);
            resolve(use(channel));
          }
        });
      } catch (error) {
        fail(error as Error);
      }
    });
  }

  close(): void {
    this.client.end();
  }

  private noAnswer(attempt: string, milliseconds: number): CrosshostError {
    const seconds = milliseconds / 1000;
    return new CrosshostError(`host ${this.address}: ${attempt}: sshd has not answered for ${seconds} s`, {
      code: "timed-out",
      hint: "can one log in there and run a command by hand?",
    });
  }

  /** The client holds what it logs in with. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `Link ${inspect({ address: this.address, lost: this.lost }, options)}`;
  }
}
