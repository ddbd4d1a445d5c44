import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { StatusLine } from "../../provider/statusLine";

describe("the line that moves", () => {
  let engine: Server;
  let port: number;
  const logged: LogRequest.AsObject[] = [];

  before(async () => {
    engine = new Server();
    const log = ({ request }: ServerUnaryCall<LogRequest, Empty>, answer: sendUnaryData<Empty>) => {
      logged.push(request.toObject());
      answer(null, new Empty());
    };
    engine.addService(EngineService, { log });
    port = await new Promise((resolve, reject) => {
      const credentials = ServerCredentials.createInsecure();
      engine.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
    });
  });
  after(() => engine.forceShutdown());

  const until = async (count: number) => {
    for (const end = Date.now() + 5_000; logged.length < count && Date.now() < end; ) {
      await setTimeout(20);
    }
  };

  it("is Pulumi's own message of the kind that the next one takes the place of", async () => {
    const status = new StatusLine(["--logtostderr", "-v=2", `127.0.0.1:${port}`]);
    const long = `10.77.0.1: pulling ${"ü".repeat(200)}`;
    status.show("10.77.0.1: pulling busybox:1.35: 45 % of 12 MB");
    status.show("too soon");
    await until(1);
    await setTimeout(300);
    status.show(long);
    await until(2);
    const line = { severity: LogSeverity.INFO, urn: "", streamid: 0, ephemeral: true };
    assert.deepEqual(logged, [
      { ...line, message: "10.77.0.1: pulling busybox:1.35: 45 % of 12 MB" },
      { ...line, message: long },
    ]);
  });

  it("is passed over where no engine listens, and where the process is not one of Pulumi's", async () => {
    for (const args of [["127.0.0.1:1"], [], ["test/unit/**"]]) new StatusLine(args).show("nobody");
    // An error that nobody takes would end this process.
    await setTimeout(200);
    assert.equal(logged.length, 2);
  });
});
