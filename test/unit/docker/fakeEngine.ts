import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { CrosshostError } from "../../../provider/errors";
import type { CommandResult, Host, RemoteFile, RunningCommand } from "../../../provider/ssh/host";

export interface Asked {
  method: string;
  path: string;
  /** The JSON value it is; of an archive, its text. */
  body: unknown;
  headers: IncomingHttpHeaders;
}

/** What the engine answers: a status and a body, or the connection in the handler's own hands. */
export type Answer = { status?: number; body?: unknown } | ((response: ServerResponse) => void);

/** An engine in this process, and the host it is on: it answers what the test says, and remembers what it was asked. */
export class FakeEngine implements Host {
  readonly address = "10.77.0.1";
  readonly user = "admin";
  readonly asked: Asked[] = [];
  channels = 0;
  running = 0;
  mostRunning = 0;
  version: object | (() => Answer) = { Version: "20.10.5", ApiVersion: "1.41", MinAPIVersion: "1.12" };
  /** What a look at the socket and the service prints. */
  look = "";
  /** How often that was asked for. */
  looks = 0;
  maySudo = false;
  readonly commands: string[] = [];
  answer: (asked: Asked) => Answer | Promise<Answer> = () => ({});
  private readonly folder = mkdtempSync(join(tmpdir(), "crosshost-engine-"));
  private readonly path = join(this.folder, "docker.sock");
  private readonly server = createServer((request, response) => void this.handle(request, response));
  private readonly sockets = new Set<Socket>();
  private refusal: CrosshostError | undefined;
  private commandFailure: CrosshostError | undefined;

  static async start(): Promise<FakeEngine> {
    const engine = new FakeEngine();
    engine.server.on("connection", (socket) => {
      engine.sockets.add(socket);
      socket.on("close", () => engine.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => engine.server.listen(engine.path, resolve));
    return engine;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true });
  }

  /** Closes every channel. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** From now on no channel can be opened; what sshd knows of the reason is nothing. */
  refuse(code: "refused" | "connection-lost" = "refused"): void {
    this.refusal = new CrosshostError(`host ${this.address}: no channel`, { code });
  }

  async openSocket(path: string): Promise<Duplex> {
    if (path !== "/var/run/docker.sock") throw new Error(`nobody listens on ${path}`);
    if (this.refusal) throw this.refusal;
    this.channels++;
    return connect(this.path);
  }

  async run(): Promise<CommandResult> {
    this.looks++;
    return { stdout: this.look, stderr: "", exitCode: 0 };
  }

  async requireRoot(): Promise<void> {
    if (!this.maySudo) {
      throw new CrosshostError(`host ${this.address}: cannot x: that needs root, and admin is not in sudoers`, {
        code: "no-permission",
      });
    }
  }

  /** From now on the docker command fails with this once it runs. */
  failCommands(message: string): void {
    this.commandFailure = new CrosshostError(message, { code: "command-failed" });
  }

  /** The engine by way of a command; what runs is remembered. */
  async openCommand(command: readonly string[], { asRoot }: { asRoot?: boolean } = {}): Promise<Duplex> {
    this.commands.push(`${asRoot ? "sudo " : ""}${command.join(" ")}`);
    const failure = this.commandFailure;
    if (!failure) return connect(this.path);
    const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    setImmediate(() => stream.destroy(failure));
    return stream;
  }

  start(): Promise<RunningCommand> {
    throw new Error("not here");
  }

  readFile(): Promise<RemoteFile | undefined> {
    throw new Error("not here");
  }

  writeFile(): Promise<void> {
    throw new Error("not here");
  }

  removeFile(): Promise<void> {
    throw new Error("not here");
  }

  openTcp(): Promise<Duplex> {
    throw new Error("not here");
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const asked = {
      method: request.method ?? "",
      path: decodeURIComponent(request.url ?? ""),
      body: request.headers["content-type"] === "application/x-tar" ? text : text ? JSON.parse(text) : undefined,
      headers: request.headers,
    };
    if (asked.path === "/version") {
      const { version } = this;
      give(response, typeof version === "function" ? version() : { body: version });
      return;
    }
    this.asked.push(asked);
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    const answer = await this.answer(asked);
    this.running--;
    give(response, answer);
  }
}

function give(response: ServerResponse, answer: Answer): void {
  if (typeof answer === "function") answer(response);
  else {
    response.statusCode = answer.status ?? 200;
    response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  }
}
