import type { IncomingMessage } from "node:http";
import type { Host } from "../ssh/host";
import { parseJson, readAll } from "./answer";
import type { Call } from "./call";
import { despiteStrayThreads } from "./strayThread";
import { Transport } from "./transport";
import type { EngineVersion } from "./types";
import { chooseApiVersion } from "./version";

/** Makes calls in the API version agreed with the engine, which is asked once. */
export class Requester {
  private readonly transport: Transport;
  private agreed: Promise<string> | undefined;

  constructor(
    readonly host: Host,
    socketPath: string,
  ) {
    this.transport = new Transport(host, socketPath);
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
    const send = async () => await this.transport.send(call, `/v${await this.agree()}`, read);
    return await despiteStrayThreads(call.attempt, () => this.explained(call, send()));
  }

  async version(): Promise<EngineVersion> {
    return await this.explained(versionCall, this.askVersion());
  }

  async apiVersion(): Promise<string> {
    return await this.explained(versionCall, this.agree());
  }

  /** The version agreed on; after a failure the next call asks again. */
  private async agree(): Promise<string> {
    this.agreed ??= this.askVersion().then((engine) => chooseApiVersion(this.host.address, engine));
    try {
      return await this.agreed;
    } catch (error) {
      this.agreed = undefined;
      throw error;
    }
  }

  private async askVersion(): Promise<EngineVersion> {
    return parseJson((await this.transport.send(versionCall, "", readAll)).toString("utf8"));
  }

  private async explained<T>(call: Call, outcome: Promise<T>): Promise<T> {
    try {
      return await outcome;
    } catch (error) {
      throw this.transport.explain(call, error);
    }
  }
}

/** Made without a version, so that it works with any engine. */
const versionCall: Call = { attempt: "ask for the engine's version", method: "GET", path: "/version" };
