import { CrosshostError } from "../../errors";

/** What a server could not be asked now, and may be asked again. */
export function notReady(attempt: string, error: unknown): CrosshostError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CrosshostError(`${attempt}: ${reason}`, { code: "not-ready", cause: error });
}
