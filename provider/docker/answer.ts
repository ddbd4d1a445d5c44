import type { Readable } from "node:stream";
import { Output } from "../ssh/output";

/** Far beyond what any engine answers; one that floods us must not fill the process's memory. */
const answerLimit = 16 * 1024 * 1024;

/** A line of progress is a few hundred bytes. */
const lineLimit = 1024 * 1024;

/** What came back is nothing that an engine says. */
export class BadAnswer extends Error {}

/** The whole of an answer. */
export async function readAll(answer: Readable, limit = answerLimit): Promise<Buffer> {
  const read = new Output(limit);
  for await (const chunk of answer) {
    if (!read.add(chunk as Buffer)) throw new BadAnswer(`longer than ${Math.round(limit / 1024 / 1024)} MB`);
  }
  return read.bytes();
}

/** The JSON value that a text is. */
export function parseJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    // The parser's words would quote what came.
    throw new BadAnswer("not JSON");
  }
}

/** The JSON values of a stream that has one a line, as they come. */
export async function* jsonLines<T>(stream: Readable, limit = lineLimit): AsyncGenerator<T> {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    rest += chunk;
    // A line that comes byte by byte is not to be split each time.
    if ((chunk as string).includes("\n")) {
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim()) yield parseJson<T>(line);
    }
    if (rest.length > limit) throw new BadAnswer(`one with a line longer than ${Math.round(limit / 1024)} kB`);
  }
  if (rest.trim()) yield parseJson<T>(rest);
}
