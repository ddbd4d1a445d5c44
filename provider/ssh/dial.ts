import { connect, type Socket } from "node:net";
import { Client } from "ssh2";
import type { Connection } from "./connection";
import { credentials } from "./credentials";
import { clientFailure, type DialFailure, socketFailure, timeFailure } from "./dialFailure";
import { HostKeyCheck } from "./hostKeyCheck";
import { Link } from "./link";
import { Semaphore } from "./semaphore";

/** One attempt to reach a host and log in, taking at most so many milliseconds; fails with a `DialFailure`. */
export type Dial = (connection: Connection, milliseconds: number) => Promise<Link>;

/** sshd drops connections at random from the tenth that has not logged in yet (MaxStartups 10:30:100). */
const startups = new Semaphore(8);

export const dial: Dial = (connection, milliseconds) =>
  startups.hold(async () => {
    const began = performance.now();
    const login = credentials(connection);
    const socket = await openSocket(connection, milliseconds);
    return await logIn(connection, login, socket, Math.max(1, milliseconds - (performance.now() - began)));
  });

function openSocket(connection: Connection, milliseconds: number): Promise<Socket> {
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
  socket: Socket,
  milliseconds: number,
): Promise<Link> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    const check = new HostKeyCheck(connection);
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
      keepaliveInterval: 15_000,
      keepaliveCountMax: 3,
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
