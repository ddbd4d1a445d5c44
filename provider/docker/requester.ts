import type { IncomingMessage } from "node:http";
import { CrosshostError, isCode } from "../errors";
import type { Host } from "../ssh/host";
import type { Deadline } from "../wait";
import { parseJson, readAll } from "./answer";
import type { Call } from "./call";
import { type DockerError, refusal } from "./errors";
import { despiteStrayThreads } from "./strayThread";
import { concurrentRequests, isItDocker, Transport } from "./transport";
import type { EngineVersion } from "./types";
import { chooseApiVersion } from "./version";

/** Makes calls in the API version agreed with the engine, which is asked once. */
export class Requester {
  private readonly transport: Transport;
  private readonly agreement: Agreement;

  constructor(
    readonly host: Host,
    private readonly socketPath: string,
    /** When calls are given up, beside the limit that each has of its own. */
    private readonly deadline?: Deadline,
    shared?: Requester,
  ) {
    this.transport = shared?.transport ?? new Transport(host, socketPath);
    this.agreement = shared?.agreement ?? { version: undefined };
  }

  /** The same engine, over the same channels, asked by somebody who has until this deadline. */
  within(deadline: Deadline): Requester {
    return new Requester(this.host, this.socketPath, deadline, this);
  }

  /** A call whose answer is JSON; undefined where the answer has no body. */
  async json<T>(call: Call): Promise<T> {
    return await this.stream(call, async (answer) => {
      const text = (await readAll(answer)).toString("utf8");
      return text ? parseJson<T>(text) : (undefined as T);
    });
  }

  /** A call whose answer says nothing more than that it worked. */
  async done(call: Call): Promise<void> {
    await this.bytes(call);
  }

  async bytes(call: Call): Promise<Buffer> {
    return await this.stream(call, readAll);
  }

  async stream<T>(call: Call, read: (answer: IncomingMessage) => Promise<T>): Promise<T> {
    const send = async () => await this.transport.send(call, `/v${await this.agree()}`, read, this.deadline);
    const { attempt, known } = call;
    const stir = () => this.stir();
    return await despiteStrayThreads(attempt, () => this.explained(call, send()), { stir, isKnown: known });
  }

  /** The engine runs programs to find out its version, so that its threads have to wait, and others are woken. */
  private async stir(): Promise<void> {
    const asked = Array.from({ length: concurrentRequests }, () => this.transport.send(versionCall, "", readAll));
    // What they answer is of no interest; what is wrong with the engine the call itself will tell.
    await Promise.allSettled(asked);
  }

  async version(): Promise<EngineVersion> {
    return await this.explained(versionCall, this.askVersion());
  }

  async apiVersion(): Promise<string> {
    return await this.explained(versionCall, this.agree());
  }

  /** The error of a failure that the engine reports otherwise than by an answer's status. */
  refusal(attempt: string, status: number, message: string): DockerError {
    return refusal(this.host.address, attempt, status, JSON.stringify({ message }));
  }

  /**
   * What was found, unless it is something else than was asked for: where nothing has that name, an engine takes it for the
   * beginning of an id, and `ad` or `cafe` may be one.
   */
  exactly<T extends { Id: string }>(attempt: string, asked: string, found: T, name: string): T {
    if (found.Id === asked || name === asked) return found;
    throw this.refusal(attempt, 404, `there is none of that name; what begins with it is the id of "${name}"`);
  }

  /** The version agreed on; after a failure the next call asks again. */
  private async agree(): Promise<string> {
    this.agreement.version ??= this.askVersion().then((engine) => chooseApiVersion(this.host.address, engine));
    try {
      return await this.agreement.version;
    } catch (error) {
      this.agreement.version = undefined;
      throw error;
    }
  }

  private async askVersion(): Promise<EngineVersion> {
    try {
      return parseJson((await this.transport.send(versionCall, "", readAll)).toString("utf8"));
    } catch (error) {
      if (!isCode(error, "not-found")) throw error;
      // It is not what was to be asked about that is not there.
      const { message } = error as Error;
      throw new CrosshostError(message, { code: "unsupported", hint: isItDocker(this.socketPath), cause: error });
    }
  }

  private async explained<T>(call: Call, outcome: Promise<T>): Promise<T> {
    try {
      return await outcome;
    } catch (error) {
      throw this.transport.explain(call, error);
    }
  }
}

/** What an engine has said of its version, for all who ask it. */
interface Agreement {
  version: Promise<string> | undefined;
}

/** Made without a version, so that it works with any engine. */
const versionCall: Call = { attempt: "ask for the engine's version", method: "GET", path: "/version" };
