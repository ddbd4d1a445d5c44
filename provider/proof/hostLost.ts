import { type CrosshostError, type ErrorCode, isCode } from "../errors";

/** What says that a host, or its engine, is not there to answer. */
const SILENT: ErrorCode[] = ["cannot-resolve", "refused", "timed-out", "connection-lost", "docker-not-there"];

export function isSilence(error: unknown): error is CrosshostError {
  return isCode(error, ...SILENT);
}

/** A host that was there when a proof began, and does not answer any more. */
export class HostLost extends Error {
  constructor(
    /** The host's id. */
    readonly id: string,
    readonly failure: CrosshostError,
  ) {
    super(failure.message, { cause: failure });
  }

  /** Whether it may be there again as soon as it is connected to. */
  get isPassing(): boolean {
    return isCode(this.failure, "connection-lost");
  }

  get reason(): string {
    return this.failure.message.replace(/^host \S+: /, "");
  }
}

/** Lets all work come to its end before a failure is reported; that a host is lost hides no other. */
export async function settleHosts<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  const first = failures.find((failure) => !(failure instanceof HostLost)) ?? failures[0];
  if (failures.length > 0) throw first;
  return results.map((result) => (result as PromiseFulfilledResult<T>).value);
}

/**
 * Asks a host something. A proof needs hosts that its container is not on: that one of them goes is no failure of the
 * container, so it is told apart from all others.
 */
export async function asking<T>(id: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (isSilence(error)) throw new HostLost(id, error);
    throw error;
  }
}
