/** What kind of failure this is; stable, so that callers branch on it and never on a message. */
export type ErrorCode =
  // reaching a host
  | "cannot-resolve"
  | "refused"
  | "timed-out"
  | "unknown-host-key"
  | "wrong-host-key"
  | "not-authenticated"
  | "connection-lost"
  // acting on a host
  | "no-permission"
  | "command-failed"
  | "docker-not-there"
  | "docker-refused"
  | "not-found"
  | "conflict"
  | "in-use"
  // what the host is, against what was asked for
  | "unsupported"
  | "foreign"
  | "not-ready";

export interface CrosshostErrorOptions {
  code: ErrorCode;
  /** What the reader can do about it: one sentence, or nothing where the message already says it. */
  hint?: string;
  cause?: unknown;
}

/**
 * A failure that its reader can act on. The message says what was attempted, on what, on which host, and what came of
 * it, in one line: `host 10.77.0.1: cannot connect to port 22: connection refused`.
 */
export class CrosshostError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(message: string, options: CrosshostErrorOptions) {
    super(message, { cause: options.cause });
    this.name = "CrosshostError";
    this.code = options.code;
    this.hint = options.hint;
  }
}

/** Whether `error` is one of ours with this code. */
export function isCode(error: unknown, ...codes: ErrorCode[]): boolean {
  return error instanceof CrosshostError && codes.includes(error.code);
}

/** The one line a user reads: the message and, where there is one, the hint. */
export function describeError(error: unknown): string {
  if (error instanceof CrosshostError) return error.hint ? `${error.message} (${error.hint})` : error.message;
  return error instanceof Error ? error.message : String(error);
}
