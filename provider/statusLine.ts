import { type ClientHttp2Session, connect } from "node:http2";

/** Milliseconds between two lines; what comes sooner is passed over, since the next is not far. */
const INTERVAL = 250;
/** Pulumi's number for the kind of message that is neither debugging nor a warning. Source: pulumi's `engine.proto`. */
const INFO = 1;

/**
 * The line that moves: what Pulumi shows of a step that goes on, until the next line takes its place, and which no summary
 * repeats. Standard output, where every other line of ours goes, has no such lines; so these go to the engine itself, by the
 * one call of its gRPC that takes them.
 */
export class StatusLine {
  private session: ClientHttp2Session | undefined;
  private last = Number.NEGATIVE_INFINITY;

  private readonly address: string | undefined;

  /** Gets a provider process's arguments: the last is where its engine listens, `127.0.0.1:PORT`. */
  constructor(args: readonly string[]) {
    const last = args.at(-1);
    this.address = last && /^[\w.-]+:\d+$/.test(last) ? last : undefined;
  }

  show(line: string): void {
    const now = performance.now();
    if (!this.address || now - this.last < INTERVAL) return;
    this.last = now;
    const call = this.engine(this.address).request({
      ":method": "POST",
      ":path": "/pulumirpc.Engine/Log",
      "content-type": "application/grpc",
      te: "trailers",
    });
    // A line that is not shown is missed by nobody, and the work goes on.
    call.on("error", () => call.destroy());
    call.resume();
    call.end(frame(logRequest(line)));
  }

  private engine(address: string): ClientHttp2Session {
    if (this.session && !this.session.closed && !this.session.destroyed) return this.session;
    const session = connect(`http://${address}`);
    session.on("error", () => session.destroy());
    // The process is not to stay for it.
    session.unref();
    this.session = session;
    return session;
  }
}

/** A message as gRPC sends it: not compressed, and how long it is. */
function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** `LogRequest { severity = 1, message = 2, ephemeral = 5 }`, each after its number and type, as protocol buffers have it. */
function logRequest(line: string): Buffer {
  const text = Buffer.from(line);
  return Buffer.concat([
    Buffer.from([(1 << 3) | 0, INFO]),
    Buffer.from([(2 << 3) | 2]),
    varint(text.length),
    text,
    Buffer.from([(5 << 3) | 0, 1]),
  ]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
