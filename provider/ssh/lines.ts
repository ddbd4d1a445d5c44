import { Output } from "./output";
import type { Session } from "./session";

/** The lines of a command's standard output as they come. */
export class Lines {
  private readonly complete: string[] = [];
  private readonly readers: ((line: string | undefined) => void)[] = [];
  /** A line that has not ended yet. */
  private rest = new Output();
  private over = false;

  follow(session: Session): void {
    session.on("stdout", (chunk) => this.add(chunk));
    session.on("ended", () => {
      const last = this.rest.text();
      if (last !== "") this.deliver(last);
      this.over = true;
      for (const reader of this.readers.splice(0)) reader(undefined);
    });
  }

  /** The next line without its end, or undefined when there are no more. */
  next(): Promise<string | undefined> {
    const line = this.complete.shift();
    if (line !== undefined || this.over) return Promise.resolve(line);
    return new Promise((resolve) => this.readers.push(resolve));
  }

  private add(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.rest.add(chunk.subarray(start, end));
      this.deliver(this.rest.text());
      this.rest = new Output();
      start = end + 1;
    }
    this.rest.add(chunk.subarray(start));
  }

  private deliver(line: string): void {
    const reader = this.readers.shift();
    if (reader) reader(line);
    else this.complete.push(line);
  }
}
