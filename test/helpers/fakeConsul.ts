import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Duplex, duplexPair } from "node:stream";

/** A Consul in memory: who leads, and keys. Reached by streams, without a network. */
export class FakeConsul {
  readonly keys = new Map<string, string>();
  leader = "10.77.0.1:8300";
  /** How many requests are answered before the leader is known. */
  electionTakes = 0;
  private readonly server = createServer((request, response) => this.answer(request, response));

  open(): Duplex {
    const [ours, theirs] = duplexPair();
    this.server.emit("connection", ours);
    return theirs;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { pathname, searchParams } = new URL(request.url!, "http://consul");
      const { status, body } = this.reply(request.method!, pathname, searchParams, Buffer.concat(chunks).toString());
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  }

  /** Another one for each value is all that is asked of it here. */
  private indexOf(value = ""): number {
    return [...value].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % 1_000_003;
  }

  private reply(method: string, path: string, query: URLSearchParams, content: string) {
    if (path === "/v1/status/leader") {
      return { status: 200, body: this.electionTakes-- > 0 ? "" : this.leader };
    }
    if (path === "/v1/operator/raft/configuration") {
      return { status: 200, body: { Servers: [{ Address: this.leader, Leader: true, Voter: true }] } };
    }
    const key = decodeURIComponent(path.replace(/^\/v1\/kv\//, ""));
    const cas = query.get("cas");
    if (method === "PUT" && cas !== null && Number(cas) !== this.indexOf(this.keys.get(key))) {
      return { status: 200, body: false };
    }
    if (method === "PUT") this.keys.set(key, content);
    else if (method === "DELETE") this.keys.delete(key);
    else if (query.has("keys")) {
      const found = [...this.keys.keys()].filter((name) => name.startsWith(key));
      return { status: found.length > 0 ? 200 : 404, body: found };
    } else {
      const value = this.keys.get(key);
      if (value === undefined) return { status: 404, body: "" };
      const ModifyIndex = this.indexOf(value);
      return { status: 200, body: [{ Key: key, Value: Buffer.from(value).toString("base64"), Flags: 0, ModifyIndex }] };
    }
    return { status: 200, body: true };
  }
}
