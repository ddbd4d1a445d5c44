export interface Streams {
  stdout: string;
  stderr: string;
  /** Both, in the order they came. */
  both: string;
}

const headerLength = 8;

/**
 * Takes apart what a container printed without a terminal: frames of a byte for the stream (1 stdout, 2 stderr), three
 * zeros, the length in four bytes, and so much data. What is not made of frames comes from a terminal, as it is.
 */
export function separate(bytes: Buffer): Streams {
  const frames = split(bytes) ?? [{ stream: 1, data: bytes }];
  const text = (...streams: number[]) =>
    Buffer.concat(frames.filter(({ stream }) => streams.includes(stream)).map(({ data }) => data)).toString("utf8");
  return { stdout: text(0, 1), stderr: text(2), both: text(0, 1, 2) };
}

function split(bytes: Buffer): { stream: number; data: Buffer }[] | undefined {
  const frames = [];
  for (let at = 0; at < bytes.length; ) {
    const stream = bytes[at] ?? 0;
    if (stream > 2 || at + headerLength > bytes.length || bytes.readUIntBE(at + 1, 3) !== 0) return undefined;
    const end = at + headerLength + bytes.readUInt32BE(at + 4);
    frames.push({ stream, data: bytes.subarray(at + headerLength, end) });
    at = end;
  }
  return frames;
}
