import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { CheckFailure } from "../../provider/lifecycle";
import { programFolder } from "./builtPackage";

type Properties = Record<string, unknown>;
type Answer<T> = (error: ServiceError | null, response: T) => void;

/** What state and the SDK classes have as `__provider`. */
export function providerText(kind: string): string {
  return `exports.handler = () => require("pulumi-crosshost/provider").lifecycleOf("${kind}");\n`;
}

/** Pulumi's own dynamic-provider process, run as the engine runs it and asked over its own gRPC. */
export class ProviderProcess {
  /** All that it printed: the user sees it. */
  printed = "";
  /** The most memory it had before it was asked anything. */
  readonly memoryAtStart: number;

  private constructor(
    private readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
    private readonly removeFolder: () => void,
  ) {
    this.memoryAtStart = this.peakMemory();
  }

  static async start(): Promise<ProviderProcess> {
    const { folder, remove } = programFolder();
    const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const child = spawn(process.execPath, [script, "127.0.0.1:1"], {
      cwd: folder,
      env: { PATH: process.env.PATH, PULUMI_NODEJS_PROJECT: "lab", PULUMI_NODEJS_STACK: "dev" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines = createInterface(child.stdout!);
    const [port] = (await once(lines, "line")) as [string];
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const started = new ProviderProcess(child, client, remove);
    lines.on("line", (line) => {
      started.printed += `${line}\n`;
    });
    child.stderr!.on("data", (chunk) => {
      started.printed += chunk;
    });
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript({}));
    await call((answer: Answer<unknown>) => client.configure(request, answer));
    return started;
  }

  async stop(): Promise<void> {
    this.client.close();
    const ended = once(this.child, "exit");
    this.child.kill();
    await ended;
    this.removeFolder();
  }

  async check(kind: string, news: Properties, olds: Properties = {}) {
    const request = new messages.CheckRequest();
    request.setOlds(struct(olds));
    request.setNews(struct({ ...news, __provider: providerText(kind) }));
    const response = await call<messages.CheckResponse>((answer) => this.client.check(request, answer));
    const failures = response.getFailuresList().map((failure): CheckFailure => failure.toObject());
    return { inputs: response.getInputs()!.toJavaScript() as Properties, failures };
  }

  async diff(olds: Properties, news: Properties) {
    const request = new messages.DiffRequest();
    request.setId("id");
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const response = await call<messages.DiffResponse>((answer) => this.client.diff(request, answer));
    return {
      changes: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(inputs: Properties) {
    const request = new messages.CreateRequest();
    request.setProperties(struct(inputs));
    const response = await call<messages.CreateResponse>((answer) => this.client.create(request, answer));
    return { id: response.getId(), properties: response.getProperties()!.toJavaScript() as Properties };
  }

  async read(state: Properties) {
    const request = new messages.ReadRequest();
    request.setId("id");
    request.setProperties(struct(state));
    const response = await call<messages.ReadResponse>((answer) => this.client.read(request, answer));
    return { id: response.getId(), inputs: response.getInputs()?.toJavaScript() };
  }

  /** The most memory it has had so far, in megabytes. Source: proc(5). */
  peakMemory(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }
}

/** A failure as the engine gets it. */
export interface Failed {
  message: string;
  /** What goes into state all the same. */
  recorded?: { id: string; reasons: string[]; properties: unknown };
}

export async function failureOf(answer: Promise<unknown>): Promise<Failed> {
  try {
    await answer;
  } catch (error) {
    const { details, metadata } = error as ServiceError;
    const [status] = metadata.get("grpc-status-details-bin") as Buffer[];
    return status ? { message: details, recorded: recordedIn(status) } : { message: details };
  }
  throw new Error("it did not fail");
}

function recordedIn(bytes: Buffer): Failed["recorded"] {
  const [detail] = Status.deserializeBinary(bytes).getDetailsList();
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail!.getValue_asU8());
  return { id: failed.getId(), reasons: failed.getReasonsList(), properties: failed.getProperties()?.toJavaScript() };
}

function call<T>(ask: (answer: Answer<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, response) => (error ? reject(error) : resolve(response)));
  });
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}
