import { CrosshostError } from "./errors";
import { HalfDone } from "./halfDone";
import type { Deadline } from "./wait";

/** A call was cut off by the loss of the connection it was made over: nobody knows whether it was carried out. */
export class LostConnection extends CrosshostError {
  constructor(message: string, cause: unknown) {
    super(message, { code: "connection-lost", hint: "run it again: what is already there is found", cause });
  }
}

const attempts = 3;
const pause = 500;

/**
 * Does the work of a verb again, up to three times in all, when it lost a connection on the way. That is safe since
 * every verb looks at what is there before it does anything: what the lost call did after all is found, not repeated.
 * What the first of them has begun with is recorded however the last one fails.
 */
export async function despiteLostConnections<T>(
  deadline: Deadline,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  let begun: HalfDone | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (caught) {
      const error = caught instanceof HalfDone ? caught.cause : caught;
      if (caught instanceof HalfDone) begun ??= caught;
      if (!(error instanceof LostConnection) || attempt === attempts || deadline.remaining() <= pause) {
        throw begun ? new HalfDone(begun.state, error) : caught;
      }
      say(`${error.message}; connecting again, to look at what is there and to go on`);
      await deadline.clock.sleep(pause);
    }
  }
}
