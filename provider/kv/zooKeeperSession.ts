import { type Client, createClient } from "node-zookeeper-client";
import type { Way } from "./dial";
import { forward } from "./forward";

/** Milliseconds after which the ensemble forgets a session that was cut off. */
const SESSION_TIMEOUT = 6_000;

/** One conversation with a ZooKeeper server. */
export interface Session {
  /** Calls a method of the client that ends in a callback; fails with the client's exception. */
  ask<T>(method: "getData" | "setData" | "getChildren" | "mkdirp" | "remove", ...given: unknown[]): Promise<T>;
  /** What a node has, and which version of it that is. */
  read(path: string): Promise<{ data: Buffer | undefined; version: number }>;
}

/**
 * Carries `work` out in a session with the server. The client knows only how to dial an address itself, so it gets one on
 * this machine's loopback, for this one connection.
 */
export async function zooKeeperSession<T>(way: Way, work: (session: Session) => Promise<T>): Promise<T> {
  const forwarded = await forward(way);
  const client = createClient(`127.0.0.1:${forwarded.port}`, { sessionTimeout: SESSION_TIMEOUT, retries: 0 });
  try {
    const connected = new Promise<void>((resolve) => client.once("connected", resolve));
    client.connect();
    // A server without a quorum hangs up, which the client would try again for ever.
    await Promise.race([connected, forwarded.closed]);
    const session: Session = {
      ask: (method, ...given) => ask(client, method, given),
      read: (path) => read(client, path),
    };
    return await Promise.race([work(session), forwarded.closed]);
  } finally {
    client.close();
    await forwarded.close();
  }
}

type Method = Parameters<Session["ask"]>[0];

function ask<T>(client: Client, method: Method, given: unknown[]): Promise<T> {
  const call = client[method] as (...given: unknown[]) => void;
  return new Promise((resolve, reject) => {
    call.call(client, ...given, (error: Error | null, result: T) => (error ? reject(error) : resolve(result)));
  });
}

function read(client: Client, path: string): ReturnType<Session["read"]> {
  return new Promise((resolve, reject) => {
    client.getData(path, (error, data, stat) => (error ? reject(error) : resolve({ data, version: stat.version })));
  });
}
