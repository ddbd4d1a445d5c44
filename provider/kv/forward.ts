import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { dial, type Way } from "./dial";

/** A port of this machine's loopback that leads to a server of a store. */
export interface Forward {
  port: number;
  /** Rejects when the server hangs up. */
  closed: Promise<never>;
  /** Returns when the port, and what went through it, is closed. */
  close(): Promise<void>;
}

/** Opens a port for one connection, and only one: whoever else comes is turned away. */
export async function forward(way: Way): Promise<Forward> {
  const channel = await dial(way);
  const server = createServer();
  server.maxConnections = 1;
  let hungUp: (error: Error) => void = () => undefined;
  const closed = new Promise<never>((_, reject) => {
    hungUp = reject;
  });
  // Nobody may be waiting for it when it happens.
  closed.catch(() => undefined);
  channel.on("error", (error) => hungUp(error));
  channel.once("close", () => hungUp(new Error("it closed the connection: it serves nobody now")));

  server.once("connection", (socket: Socket) => {
    server.close();
    socket.setNoDelay();
    socket.on("error", () => channel.destroy());
    socket.pipe(channel);
    channel.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const close = async () => {
    server.close();
    if (channel.destroyed) return;
    const gone = once(channel, "close");
    // The client says good-bye and hangs up; this is for one that does not.
    const impatience = setTimeout(() => channel.destroy(), 200);
    await gone.finally(() => clearTimeout(impatience));
  };
  return { port, closed, close };
}
