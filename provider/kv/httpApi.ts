import { request } from "node:http";
import { ChannelAgent } from "../ssh/channelAgent";
import { dial, type Way } from "./dial";

export interface Answer {
  status: number;
  body: string;
}

/** A server's HTTP, over channels of a host's SSH connection. */
export class HttpApi {
  readonly agent: ChannelAgent;

  constructor(private readonly way: Way) {
    const { host, server, port } = way;
    this.agent = new ChannelAgent(`host ${host.address}: the store at ${server}:${port}`, () => dial(way));
  }

  /** Sends a form, in the body or for GET in the address, and gives whatever is answered. */
  ask(method: string, path: string, form: Record<string, string> = {}): Promise<Answer> {
    const text = new URLSearchParams(form).toString();
    if (method === "GET") return this.send(method, text === "" ? path : `${path}?${text}`);
    return this.send(method, path, text, "application/x-www-form-urlencoded");
  }

  /** Sends and gets JSON; fails on any other status than success. */
  async json<T>(method: string, path: string, content?: object): Promise<T> {
    const text = content && JSON.stringify(content);
    const { status, body } = await this.send(method, path, text, "application/json");
    if (status >= 300) throw new Error(`${method} ${path}: HTTP ${status}: ${body.trim()}`);
    return (body === "" ? undefined : JSON.parse(body)) as T;
  }

  private send(method: string, path: string, body = "", type = ""): Promise<Answer> {
    const { server, port } = this.way;
    return new Promise((resolve, reject) => {
      const headers = body === "" ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) };
      const sent = request({ agent: this.agent, host: server, port, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }
}
