/** What shells, unit files, JSON and terminals might take for something else. */
const HOSTILE = [
  ..."'\"`\\$;&|<>(){}[]*?!#~^=%@,:/+- \t\r\n\0\u001b\u007f\u2028é☃\u{1f600}",
  ...[
    "$(touch /tmp/fuzzed)",
    "`touch /tmp/fuzzed`",
    "; touch /tmp/fuzzed",
    "\ntouch /tmp/fuzzed\n",
    "&& touch /tmp/fuzzed",
  ],
  ...[
    "--",
    "-rf",
    "../..",
    "/etc/shadow",
    "%n",
    "%%",
    "$$",
    "$" + "{HOME}",
    "\\\n",
    "\n[Service]\nExecStartPre=/bin/sh",
    "null",
  ],
  ...["__proto__", "constructor", "x".repeat(300), "|1|", "AAAA", "ssh-ed25519", "10.77.0.1", "0", "-1", "65536"],
];

/** Random choices that a seed brings back; `SEED` of the environment sets it. */
export class Fuzz {
  readonly seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  private state = this.seed;

  /** 0 to `below` - 1. Source of the generator: Tommy Ettinger's mulberry32. */
  number(below: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.number(list.length)]!;
  }

  /** A string of hostile pieces. */
  text(longest = 8): string {
    return Array.from({ length: this.number(longest + 1) }, () => this.pick(HOSTILE)).join("");
  }

  /** A document of the grammar's own words and lines, with hostile pieces in between and characters lost. */
  document(words: readonly string[]): string {
    const pieces = Array.from({ length: this.number(25) }, () =>
      this.number(4) === 0 ? this.text(2) : this.pick(words),
    );
    const text = pieces.join(this.pick(["", " ", " ", "\n"]));
    if (this.number(3) > 0 || text === "") return text;
    const at = this.number(text.length);
    return text.slice(0, at) + text.slice(at + this.number(5));
  }

  /** Tries `times` inputs; a failure names the input and the seed that brings it back, and so does one that takes long. */
  try(times: number, make: () => string, use: (input: string) => void): void {
    for (let i = 0; i < times; i++) {
      const input = make();
      const began = performance.now();
      try {
        use(input);
      } catch (error) {
        throw new Error(`SEED=${this.seed}, input ${i}: ${JSON.stringify(input)}: ${error}`, { cause: error });
      }
      const milliseconds = performance.now() - began;
      if (milliseconds > 2_000)
        throw new Error(`SEED=${this.seed}, input ${i} took ${milliseconds} ms: ${JSON.stringify(input)}`);
    }
  }
}
