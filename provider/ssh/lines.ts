import type { Session } from "./session";

/** The lines of a command's standard output as they come. */
export class Lines {
  private readonly complete: string[] = [];
  private readonly readers: ((line: string | undefined) => void)[] = [];
  private rest = Buffer.alloc(0);
  private over = false;

  follow(session: Session): void {
    session.on("stdout", (chunk) => this.add(chunk));
    session.on("ended", () => {
      if (this.rest.length) this.deliver(this.rest.toString("utf8"));
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
    this.rest = Buffer.concat([this.rest, chunk]);
    for (let end = this.rest.indexOf(10); end >= 0; end = this.rest.indexOf(10)) {
      this.deliver(this.rest.toString("utf8", 0, end));
      this.rest = this.rest.subarray(end + 1);
    }
  }

  private deliver(line: string): void {
    const reader = this.readers.shift();
    if (reader) reader(line);
    else this.complete.push(line);
  }
}
