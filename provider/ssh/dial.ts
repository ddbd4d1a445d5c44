import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { Client } from "ssh2";
import { openTcp } from "./channels";
import { credentials, type Login } from "./credentials";
import { clientFailure, DialFailure, proxyFailure, socketFailure, timeFailure } from "./dialFailure";
import { Link } from "./link";
import { Semaphore } from "./semaphore";
import type { Target } from "./target";
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
export type Dial = (target: Target, options: DialOptions) => Promise<Link>;

/**
 * sshd drops connections at random from the tenth that has not logged in yet (MaxStartups 10:30:100). Counted for each
 * host: one that does not answer must not hold the others up.
 */
const startups = new Map<string, Semaphore>();
const startupLimit = 8;

export const dial: Dial = (target, options) =>
  startupsOf(target).hold(async () => {
    const began = performance.now();
    const login = credentials(target);
    const check = new HostKeyCheck(target, await hostTrust(target));
    const socket = await openSocket(target, options);
    const milliseconds = Math.max(1, options.milliseconds - (performance.now() - began));
    const link = await logIn(target, login, check, socket, milliseconds);
    await check.settle(options.log).catch((error: Error) => {
      link.close();
      throw new DialFailure(target, `its host key cannot be written down on this machine: ${error.message}`, {
        code: "unknown-host-key",
        passing: false,
        cause: error,
      });
    });
    return link;
  });

function startupsOf({ hostName, port }: Target): Semaphore {
  const key = `${hostName}:${port}`;
  const found = startups.get(key) ?? new Semaphore(startupLimit);
  startups.set(key, found);
  return found;
}

async function openSocket(target: Target, { milliseconds, through }: DialOptions): Promise<Duplex> {
  if (!through) return await connectTo(target, milliseconds);
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = limit(milliseconds, () => {
      late = true;
      reject(timeFailure(target, milliseconds, `no answer through ${through.address}`));
    });
  });
  const channel = openTcp(through, target.hostName, target.port);
  // A channel that comes after all has no one to use it.
  channel.then((stream) => late && stream.destroy()).catch(() => undefined);
  try {
    return await Promise.race([channel, end]);
  } catch (error) {
    throw error instanceof DialFailure ? error : proxyFailure(target, through.address, error as Error);
  } finally {
    clearTimeout(timer);
  }
}

function connectTo(target: Target, milliseconds: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    // ssh2 leaves Nagle's algorithm on, which holds every small request back by 40 ms.
    const socket = connect({ host: target.hostName, port: target.port, noDelay: true });
    const timer = limit(milliseconds, () => {
      socket.destroy();
      reject(timeFailure(target, milliseconds, "no answer"));
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(socketFailure(target, error));
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

function logIn(target: Target, login: Login, check: HostKeyCheck, socket: Duplex, milliseconds: number): Promise<Link> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    let agentTrouble: string | undefined;
    let stage = "no SSH handshake";
    client.once("handshake", () => {
      stage = `no answer to the login as ${target.user}`;
    });
    const timer = limit(milliseconds, () => {
      fail(timeFailure(target, milliseconds, stage, { passing: !login.hasSentPassword() }));
    });
    const fail = (failure: DialFailure) => {
      clearTimeout(timer);
      client.destroy();
      socket.destroy();
      reject(failure);
    };
    client.on("error", (error: Error & { level?: string }) => {
      // An agent's failure is not the end: the client goes on to the next way of logging in.
      if (error.level === "agent") agentTrouble = error.message;
      else fail(check.failure(error) ?? clientFailure(target, error, agentTrouble));
    });
    client.on("close", () => fail(clientFailure(target, new Error("the host closed the connection"))));
    client.once("ready", () => {
      clearTimeout(timer);
      forgetSecrets(client);
      resolve(new Link(client, target.host));
    });
    client.connect({
      ...login.settings,
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
