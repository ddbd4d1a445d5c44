import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { Client } from "ssh2";
import { openTcp } from "./channels";
import type { Connection } from "./connection";
import { credentials } from "./credentials";
import { clientFailure, DialFailure, proxyFailure, socketFailure, timeFailure } from "./dialFailure";
import { Link } from "./link";
import { Semaphore } from "./semaphore";
import { HostKeyCheck } from "./trust/hostKeyCheck";
import { hostTrust } from "./trust/hostTrust";

/** What one attempt is given, beside the connection. */
export interface DialOptions {
  /** What the attempt may take, in milliseconds. */
  milliseconds: number;
  /** The established connection through which the host is reached, where it has a `proxy`. */
  through?: Link;
  /** Shows a line to the user. */
  log: (line: string) => void;
}

/** One attempt to reach a host and log in; fails with a `DialFailure`. */
export type Dial = (connection: Connection, options: DialOptions) => Promise<Link>;

/**
 * sshd drops connections at random from the tenth that has not logged in yet (MaxStartups 10:30:100). Counted for each
 * host: one that does not answer must not hold the others up.
 */
const startups = new Map<string, Semaphore>();
const startupLimit = 8;

export const dial: Dial = (connection, options) =>
  startupsOf(connection).hold(async () => {
    const began = performance.now();
    const login = credentials(connection);
    const check = new HostKeyCheck(connection, await hostTrust(connection));
    const socket = await openSocket(connection, options);
    const milliseconds = Math.max(1, options.milliseconds - (performance.now() - began));
    const link = await logIn(connection, login, check, socket, milliseconds);
    await check.settle(options.log).catch((error: Error) => {
      link.close();
      throw new DialFailure(connection, `its host key cannot be written down on this machine: ${error.message}`, {
        code: "unknown-host-key",
        passing: false,
        cause: error,
      });
    });
    return link;
  });

function startupsOf({ host, port }: Connection): Semaphore {
  const key = `${host}:${port}`;
  const found = startups.get(key) ?? new Semaphore(startupLimit);
  startups.set(key, found);
  return found;
}

async function openSocket(connection: Connection, { milliseconds, through }: DialOptions): Promise<Duplex> {
  if (!through) return await connectTo(connection, milliseconds);
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = limit(milliseconds, () => {
      late = true;
      reject(timeFailure(connection, milliseconds, `no answer through ${through.address}`));
    });
  });
  const channel = openTcp(through, connection.host, connection.port);
  // A channel that comes after all has no one to use it.
  channel.then((stream) => late && stream.destroy()).catch(() => undefined);
  try {
    return await Promise.race([channel, end]);
  } catch (error) {
    throw error instanceof DialFailure ? error : proxyFailure(connection, through.address, error as Error);
  } finally {
    clearTimeout(timer);
  }
}

function connectTo(connection: Connection, milliseconds: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    // ssh2 leaves Nagle's algorithm on, which holds every small request back by 40 ms.
    const socket = connect({ host: connection.host, port: connection.port, noDelay: true });
    const timer = limit(milliseconds, () => {
      socket.destroy();
      reject(timeFailure(connection, milliseconds, "no answer"));
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(socketFailure(connection, error));
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

function logIn(
  connection: Connection,
  login: ReturnType<typeof credentials>,
  check: HostKeyCheck,
  socket: Duplex,
  milliseconds: number,
): Promise<Link> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    let agentTrouble: string | undefined;
    const timer = limit(milliseconds, () => fail(timeFailure(connection, milliseconds, "no SSH handshake")));
    const fail = (failure: DialFailure) => {
      clearTimeout(timer);
      client.destroy();
      socket.destroy();
      reject(failure);
    };
    client.on("error", (error: Error & { level?: string }) => {
      // An agent's failure is not the end: the client goes on to the next way of logging in.
      if (error.level === "agent") agentTrouble = error.message;
      else fail(check.failure(error) ?? clientFailure(connection, error, agentTrouble));
    });
    client.on("close", () => fail(clientFailure(connection, new Error("the host closed the connection"))));
    client.on("keyboard-interactive", (_name, _instructions, _language, prompts, answer) => {
      answer(prompts.map(() => connection.password ?? ""));
    });
    client.once("ready", () => {
      clearTimeout(timer);
      forgetSecrets(client);
      resolve(new Link(client, connection.host));
    });
    client.connect({
      ...login,
      sock: socket,
      hostVerifier: (key: Buffer) => check.accepts(key),
      ...(check.algorithms && { algorithms: { serverHostKey: check.algorithms } }),
      readyTimeout: 0,
      // A host that has gone away without a word is noticed after three of these.
      keepaliveInterval: 4_000,
      keepaliveCountMax: 2,
    });
  });
}

/** Once logged in, the client needs its credentials no more; every channel refers to it, and may be printed. */
function forgetSecrets(client: Client): void {
  const { config } = client as unknown as { config?: Record<string, unknown> };
  if (!config) return;
  for (const name of ["password", "privateKey", "passphrase", "authHandler"]) config[name] = undefined;
}

/** A timer; none where the time is endless. */
function limit(milliseconds: number, onEnd: () => void): NodeJS.Timeout | undefined {
  return Number.isFinite(milliseconds) ? setTimeout(onEnd, milliseconds) : undefined;
}
