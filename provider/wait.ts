import { setTimeout as sleep } from "node:timers/promises";
import { CrosshostError } from "./errors";

/** Time as a wait sees it; tests inject one that does not pass by itself. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => sleep(milliseconds),
};

/** A point in time after which waiting is given up; one verb of one resource has one, shared by all its waits. */
export class Deadline {
  private readonly end: number;

  constructor(
    /** How long there is in all, in milliseconds. */
    readonly milliseconds: number,
    readonly clock: Clock = systemClock,
  ) {
    this.end = clock.now() + milliseconds;
  }

  remaining(): number {
    return Math.max(0, this.end - this.clock.now());
  }

  passed(): boolean {
    return this.remaining() === 0;
  }
}

/** What one look saw: the awaited value, or a description of what is there instead, for the message of a time-out. */
export type Look<T> = { done: T } | { seen: string };

export interface WaitOptions {
  /** What is waited for and where, completing "timed out waiting for …". */
  what: string;
  deadline: Deadline;
  /** Milliseconds between two looks: the first and the longest, doubled in between. Default 20 to 500. */
  interval?: { first: number; longest: number };
  hint?: string;
}

/** Looks again and again until `look` is done; at the deadline, fails with the last state seen. */
export async function waitFor<T>(look: () => Promise<Look<T>>, options: WaitOptions): Promise<T> {
  const { deadline } = options;
  const { first, longest } = options.interval ?? { first: 20, longest: 500 };
  for (let pause = first; ; pause = Math.min(pause * 2, longest)) {
    const result = await look();
    if ("done" in result) return result.done;
    if (deadline.remaining() < pause) {
      const seconds = Math.round(deadline.milliseconds / 1000);
      throw new CrosshostError(`timed out after ${seconds} s waiting for ${options.what}; last seen: ${result.seen}`, {
        code: "not-ready",
        hint: options.hint,
      });
    }
    await deadline.clock.sleep(pause);
  }
}
