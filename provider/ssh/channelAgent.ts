import { Agent, type ClientRequestArgs } from "node:http";
import type { Duplex } from "node:stream";
import { inspect } from "node:util";

/** Gives HTTP requests channels of an SSH connection to travel on, and keeps them open for the next ones. */
export class ChannelAgent extends Agent {
  constructor(
    /** For those who print the agent: what it leads to. */
    private readonly label: string,
    private readonly open: () => Promise<Duplex>,
    /** Whether a channel is kept for later requests. */
    private readonly keeps: () => boolean = () => true,
  ) {
    super({ keepAlive: true, maxFreeSockets: 8 });
  }

  override keepSocketAlive(channel: Duplex): boolean {
    // Node's types do not say that it answers whether the socket is kept.
    return this.keeps() && (super.keepSocketAlive(channel) as unknown as boolean);
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.open().then(
      (channel) => callback?.(null, asSocket(channel)),
      // Node takes no stream where there is an error, though its type says so.
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  }

  /** Lets go of the channels that wait for a next request. */
  dropIdle(): void {
    for (const channel of Object.values(this.freeSockets).flat()) letGo(channel as Duplex);
  }

  /** Node prints the agent for every request when debugging; below it hangs the whole connection. */
  [inspect.custom](): string {
    return `ChannelAgent { ${this.label} }`;
  }
}

/** Adds what the HTTP client expects of a socket. */
function asSocket(channel: Duplex): Duplex {
  // A channel that waits for its next request must notice its end, and to notice that it must be read.
  channel.on("free", () => channel.resume());
  channel.once("end", () => letGo(channel));
  const nothing = () => channel;
  return Object.assign(channel, {
    setKeepAlive: nothing,
    setNoDelay: nothing,
    setTimeout: nothing,
    ref: nothing,
    unref: nothing,
    destroySoon: () => channel.destroy(),
  });
}

/** Closes a channel whose other end may be half open; the agent hears of it now, not when the host has agreed. */
function letGo(channel: Duplex): void {
  // In this order: the agent forgets an idle channel only when it can no longer be written.
  channel.destroy();
  channel.emit("agentRemove");
}
