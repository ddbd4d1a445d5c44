import { Duplex } from "node:stream";
import type { Session } from "./session";

/**
 * A command's standard input and output as one stream. Its end waits for the command's: one that failed makes the
 * stream fail with `explain`'s error, which says more than an early end.
 */
export class CommandStream extends Duplex {
  constructor(
    private readonly session: Session,
    explain: (exitCode: number, stderr: string) => Error,
  ) {
    super();
    session.on("stdout", (chunk: Buffer) => {
      if (!this.push(chunk)) session.stream.pause();
    });
    session.ended.then(
      ({ exitCode, stderr }) => {
        if (exitCode === 0) this.push(null);
        else this.destroy(explain(exitCode, stderr));
      },
      (error: Error) => this.destroy(error),
    );
  }

  override _read(): void {
    this.session.stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.session.stream.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.session.closeInput();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.session.letGo();
    done(error);
  }
}
