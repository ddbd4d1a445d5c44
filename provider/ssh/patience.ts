import { CrosshostError } from "../errors";
import type { Deadline } from "../wait";
import { DialFailure } from "./dialFailure";
import type { Link } from "./link";
import type { Target } from "./target";

const firstPause = 250;
const longestPause = 5_000;

/**
 * Dials until the host is reached, as long as its failures can pass by themselves, are fewer than `dialErrorLimit`, and
 * the deadline has not come. `deadline` is asked each time: those who wait may change.
 */
export async function dialPatiently(
  dial: (target: Target, milliseconds: number) => Promise<Link>,
  target: Target,
  deadline: () => Deadline,
  onFailure: (failure: DialFailure, attempt: number) => void,
): Promise<Link> {
  const { clock } = deadline();
  const began = clock.now();
  const { dialErrorLimit, perDialTimeout } = target;
  for (let attempt = 1, pause = firstPause; ; attempt++, pause = Math.min(pause * 2, longestPause)) {
    const perDial = perDialTimeout > 0 ? perDialTimeout * 1000 : Number.POSITIVE_INFINITY;
    try {
      return await dial(target, Math.max(1, Math.min(perDial, deadline().remaining())));
    } catch (error) {
      if (!(error instanceof DialFailure)) throw error;
      if (!error.passing) throw error;
      const limitReached = dialErrorLimit >= 0 && attempt >= Math.max(1, dialErrorLimit);
      // Hosts that were all started together should not all be dialled at the same moment again.
      const jittered = pause * (0.75 + Math.random() / 2);
      if (limitReached || deadline().remaining() <= jittered) throw summary(error, attempt, clock.now() - began);
      onFailure(error, attempt);
      await clock.sleep(jittered);
    }
  }
}

function summary(last: DialFailure, attempts: number, milliseconds: number): CrosshostError {
  if (attempts === 1) return last;
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return new CrosshostError(`${last.message} (tried ${attempts} times in ${seconds} s)`, {
    code: last.code,
    hint: last.hint,
    cause: last.cause,
  });
}
