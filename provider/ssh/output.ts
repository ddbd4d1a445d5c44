/** Far beyond what anything we run prints; a command that floods us must not fill the process's memory. */
const defaultLimit = 16 * 1024 * 1024;

/** Collects what comes, up to a limit; in one piece, since what comes byte by byte must cost no more than its length. */
export class Output {
  private collected = Buffer.alloc(0);
  private size = 0;

  constructor(private readonly limit = defaultLimit) {}

  /** Takes a chunk; false where there would be more than the limit. */
  add(chunk: Buffer): boolean {
    const size = this.size + chunk.length;
    if (size > this.limit) return false;
    if (size > this.collected.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.collected.length));
      this.collected.copy(larger, 0, 0, this.size);
      this.collected = larger;
    }
    chunk.copy(this.collected, this.size);
    this.size = size;
    return true;
  }

  bytes(): Buffer {
    return this.collected.subarray(0, this.size);
  }

  text(): string {
    return this.bytes().toString("utf8");
  }
}

/** The last line that is not empty, and says something: systemctl's last one only says where to look. */
export function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  const telling = lines.filter((line) => !/^See "?systemctl status /.test(line));
  return (telling.at(-1) ?? lines.at(-1))?.trim() ?? "";
}
