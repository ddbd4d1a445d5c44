/** Far beyond what anything we run prints; a command that floods us must not fill the process's memory. */
const defaultLimit = 64 * 1024 * 1024;

/** Collects what a command prints, up to a limit. */
export class Output {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly limit = defaultLimit) {}

  /** Takes a chunk; false once there is more than the limit, from when on nothing is kept. */
  add(chunk: Buffer): boolean {
    this.size += chunk.length;
    if (this.size > this.limit) return false;
    this.chunks.push(chunk);
    return true;
  }

  bytes(): Buffer {
    return Buffer.concat(this.chunks);
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
