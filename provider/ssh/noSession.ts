import { CrosshostError } from "../errors";
import { Deadline } from "../wait";
import type { Link } from "./link";

/** The host did not open a session for a command. */
export class NoSession extends CrosshostError {
  constructor(link: Link, attempt: string, reason: string, cause: Error) {
    super(`host ${link.address}: ${attempt}: the host opens no session: ${reason}`, {
      code: "command-failed",
      hint: "sshd's MaxSessions must be at least 2 (10 is its default), and the user must be allowed to run commands",
      cause,
    });
  }
}

/** How long a session of ours is waited for whose place another could take: as long as a command may run. */
const longestWait = 120_000;

/**
 * Opens a session, again and again while the host says that it has too many. sshd takes all packets that are there
 * before it counts ended sessions as ended: many short commands in a row reach its limit though few run at once. And its
 * limit (MaxSessions) may be lower than ours: then sessions of ours have to end first, and it is patience that is needed.
 */
export async function whileFull<T>(link: Link, open: () => Promise<T>): Promise<T> {
  const longest = new Deadline(longestWait);
  let deadline = new Deadline(2_000);
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof NoSession)) throw error;
      if (link.openSessions > 0 && longest.remaining() > 0) deadline = new Deadline(2_000);
      if (deadline.remaining() < pause) throw error;
      await deadline.clock.sleep(pause);
    }
  }
}
