import { CrosshostError } from "./errors";
import type { Deadline } from "./wait";

/** What a verb is given after its deadline, to come to its own end and to say what it was waiting for. */
const GRACE = 60_000;

/** The longest that a timer can take. */
const LONGEST = 2 ** 31 - 1;

/**
 * The outcome of `work`; an error where it has still none a minute after the deadline. Every wait has a limit of its own
 * that says more: this one is for what nobody has thought of, so that nothing can hang a run for ever.
 */
export async function unlessOverdue<T>(deadline: Deadline, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(hanging(deadline)), Math.min(deadline.remaining() + GRACE, LONGEST));
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

function hanging({ milliseconds }: Deadline): CrosshostError {
  const seconds = (milliseconds + GRACE) / 1000;
  return new CrosshostError(`not done after ${seconds} s: something on the way does not answer`, {
    code: "timed-out",
    hint: "run it again: what is already there is found; `timeouts` can give it longer",
  });
}
