import { type IncomingMessage, request } from "node:http";
import { CrosshostError, isCode } from "../errors";
import { LostConnection } from "../lostConnection";
import { ChannelAgent } from "../ssh/channelAgent";
import type { Host } from "../ssh/host";
import { Semaphore } from "../ssh/semaphore";
import type { Deadline } from "../wait";
import { BadAnswer, readAll } from "./answer";
import { type Call, queryString } from "./call";
import { EngineSocket } from "./engineSocket";
import { refusal } from "./errors";
import { EngineWasAway, NoEngine } from "./noEngine";

/** An agent's `maxSockets` does not hold where connections are made asynchronously, so requests take a place here. */
export const concurrentRequests = 12;

/** An engine that has not answered by then will not answer. */
const defaultLimit = 120_000;

/** What a call is given although its deadline is near or past: it may be the one that finds out why. */
const shortestLimit = 5_000;

/** Sends requests to one host's engine, and turns every failure into one of ours. */
export class Transport {
  private readonly agent: ChannelAgent;
  private readonly places = new Semaphore(concurrentRequests);
  private readonly socket: EngineSocket;

  constructor(
    readonly host: Host,
    socketPath: string,
    private readonly limit = defaultLimit,
  ) {
    this.socket = new EngineSocket(host, socketPath);
    this.agent = new ChannelAgent(
      `Docker on ${host.address}`,
      () => this.socket.open(),
      () => !this.socket.isScarce,
    );
  }

  /**
   * Makes `call` under `prefix` (the API version) and reads its answer with `read`. What it throws is for `explain`:
   * one failure may be that of several calls. A long call is given up at the deadline, where there is one; any other
   * there or after the transport's own limit.
   */
  async send<T>(call: Call, prefix: string, read: Read<T>, deadline?: Deadline): Promise<T> {
    const attempt = () => this.once(call, prefix, read, deadline);
    return await (call.long ? attempt() : this.places.hold(attempt));
  }

  /** The error of `call` that `failure` made fail. */
  explain(call: Call, failure: unknown): unknown {
    if (failure instanceof BadAnswer) return this.bad(call, failure);
    if (failure instanceof NoEngine) return failure.of(this.host.address, call.attempt);
    if (failure instanceof EngineWasAway) return this.lost(call, "connection to the Docker engine", failure);
    if (isCode(failure, "connection-lost")) return this.lost(call, "SSH connection", failure);
    const cause = failure instanceof DeadChannel ? failure.cause : failure;
    return isBroken(cause) ? this.lost(call, "connection to the Docker engine", cause) : cause;
  }

  private async once<T>(call: Call, prefix: string, read: Read<T>, deadline?: Deadline): Promise<T> {
    try {
      return await this.exchange(call, prefix, read, deadline);
    } catch (error) {
      if (!(error instanceof DeadChannel)) throw await this.socket.explain(error);
      // An engine that was restarted takes all kept channels with it. Asking twice does no harm; doing might.
      this.agent.dropIdle();
      if (call.method === "GET") return await this.exchange(call, prefix, read, deadline);
      throw error;
    }
  }

  private limitOf(call: Call, deadline: Deadline | undefined): number {
    const own = call.long ? Number.POSITIVE_INFINITY : this.limit;
    return deadline ? Math.min(own, Math.max(shortestLimit, deadline.remaining())) : own;
  }

  private exchange<T>(call: Call, prefix: string, read: Read<T>, deadline?: Deadline): Promise<T> {
    const limit = this.limitOf(call, deadline);
    return new Promise((resolve, reject) => {
      const body = call.archive ?? (call.body && Buffer.from(JSON.stringify(call.body)));
      const type = call.archive ? "application/x-tar" : "application/json";
      const sent = request({
        agent: this.agent,
        method: call.method,
        path: `${prefix}${call.path}${queryString(call.query)}`,
        headers: {
          Host: "docker",
          ...(body && { "Content-Type": type, "Content-Length": body.length }),
          ...call.headers,
        },
      });
      const fail = (error: unknown) => {
        clearTimeout(timer);
        reject(error);
        sent.destroy();
      };
      const timer = Number.isFinite(limit) ? setTimeout(() => fail(this.late(call, limit)), limit) : undefined;
      // More than one may come, when a request is given up.
      sent.on("error", (error: Error) => fail(sent.reusedSocket ? new DeadChannel(error) : error));
      sent.once("response", (answer) => {
        this.judge(call, answer, read)
          .then(resolve, fail)
          .finally(() => clearTimeout(timer));
      });
      sent.end(body);
    });
  }

  private async judge<T>(call: Call, answer: IncomingMessage, read: Read<T>): Promise<T> {
    const status = answer.statusCode ?? 0;
    // 304: it is already as it should be.
    if ((status >= 200 && status < 300) || status === 304) return await read(answer);
    throw refusal(this.host.address, call.attempt, status, (await readAll(answer)).toString("utf8"));
  }

  private late(call: Call, limit: number): CrosshostError {
    const seconds = Math.round(limit / 1000);
    const [what, hint] = call.long
      ? [`the Docker engine is not done with it after ${seconds} s`, "`timeouts` can give it longer"]
      : [`the Docker engine has not answered for ${seconds} s`, "does `docker ps` on that host answer?"];
    return new CrosshostError(`host ${this.host.address}: ${call.attempt}: ${what}`, { code: "timed-out", hint });
  }

  private bad(call: Call, failure: BadAnswer): CrosshostError {
    return new CrosshostError(`host ${this.host.address}: ${call.attempt}: the answer is ${failure.message}`, {
      code: "unsupported",
      hint: isItDocker(this.socket.path),
      cause: failure,
    });
  }

  private lost(call: Call, what: string, cause: unknown): LostConnection {
    return new LostConnection(`host ${this.host.address}: ${call.attempt}: the ${what} was lost`, cause);
  }
}

/** What reads an answer. */
type Read<T> = (answer: IncomingMessage) => Promise<T>;

export function isItDocker(socketPath: string): string {
  return `is it really a Docker engine that answers at ${socketPath}?`;
}

/** A request failed on a channel that had served others before. */
class DeadChannel extends Error {
  constructor(cause: Error) {
    super("a kept channel was dead", { cause });
  }
}

function isBroken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = String((error as Error & { code?: unknown }).code);
  return (
    ["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED"].includes(code) ||
    code.startsWith("HPE_")
  );
}
