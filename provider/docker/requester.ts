import type { IncomingMessage } from "node:http";
import type { Host } from "../ssh/host";
import type { Call } from "./call";
import { readAll, Transport } from "./transport";
import type { EngineVersion } from "./types";
import { chooseApiVersion } from "./version";

/** Makes calls in the API version agreed with the engine, which is asked once. */
export class Requester {
  private readonly transport: Transport;
  private agreed: Promise<string> | undefined;

  constructor(readonly host: Host) {
    this.transport = new Transport(host);
  }

  /** A call whose answer is JSON; undefined where the answer has no body. */
  async json<T>(call: Call): Promise<T> {
    const text = (await this.bytes(call)).toString("utf8");
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** A call whose answer says nothing more than that it worked. */
  async done(call: Call): Promise<void> {
    await this.bytes(call);
  }

  async bytes(call: Call): Promise<Buffer> {
    return await this.stream(call, readAll);
  }

  async stream<T>(call: Call, read: (answer: IncomingMessage) => Promise<T>): Promise<T> {
    return await this.transport.send(call, `/v${await this.apiVersion()}`, read);
  }

  /** Unversioned, so that it works with any engine. */
  async version(attempt = "ask for its version"): Promise<EngineVersion> {
    const body = await this.transport.send({ attempt, method: "GET", path: "/version" }, "", readAll);
    return JSON.parse(body.toString("utf8")) as EngineVersion;
  }

  async apiVersion(): Promise<string> {
    this.agreed ??= this.version("agree on an API version").then((engine) =>
      chooseApiVersion(this.host.address, engine),
    );
    try {
      return await this.agreed;
    } catch (error) {
      this.agreed = undefined;
      throw error;
    }
  }
}
