import { CrosshostError } from "../errors";
import { Deadline } from "../wait";
import type { Link } from "./link";

/** The host did not open a session for a command. */
export class NoSession extends CrosshostError {
  constructor(link: Link, attempt: string, reason: string, cause: Error) {
    super(`host ${link.address}: ${attempt}: the host opens no session: ${reason}`, {
      code: "command-failed",
      hint: "sshd's MaxSessions must be at least 10, its default, and the user must be allowed to run commands",
      cause,
    });
  }
}

/**
 * Opens a session, again and again while the host says that it has too many. sshd takes all packets that are there
 * before it counts ended sessions as ended: many short commands in a row reach its limit though few run at once.
 */
export async function whileFull<T>(open: () => Promise<T>): Promise<T> {
  const deadline = new Deadline(2_000);
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof NoSession) || deadline.remaining() < pause) throw error;
      await deadline.clock.sleep(pause);
    }
  }
}
