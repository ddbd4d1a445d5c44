/**
 * A create or an update that failed after it had changed something that the inputs or the old state do not tell of, such
 * as one host of two: this is the state to record, so that the next `up` finishes it and `destroy` knows of everything.
 */
export class HalfDone extends Error {
  constructor(
    readonly state: object,
    cause: unknown,
  ) {
    super((cause as Error).message, { cause });
  }
}
