import assert from "node:assert/strict";
import { dockerOverSsh } from "./dockerOverSsh";
import { failureOf, ProviderProcess, providerText } from "./providerProcess";

const noSuchContainer = { status: 404, body: { message: "No such container: web1" } };

describe("a create that fails after it touched the host", function () {
  this.timeout(60_000);
  let provider: ProviderProcess;
  before(async () => {
    provider = await ProviderProcess.start();
  });
  after(() => provider.stop());

  it("is recorded with its reason and with all that a later delete needs", async () => {
    const host = await dockerOverSsh((request) => {
      if (request.startsWith("GET /images/")) return { status: 200, body: { Id: "sha256:1" } };
      if (request === "POST /containers/create")
        return { status: 400, body: { message: "no space left\non the device" } };
      return noSuchContainer;
    });
    try {
      const { inputs } = await provider.check("Container", {
        owner: "lab/dev/web1",
        connection: host.connection,
        name: "web1",
        image: "busybox:1.35",
      });
      const message = `host 127.0.0.1: create container "web1": no space left; on the device`;
      assert.deepEqual(await failureOf(provider.create(inputs)), {
        message,
        recorded: { id: `127.0.0.1:${host.connection.port}/web1`, reasons: [message], properties: inputs },
      });
      assert.equal(inputs.__provider, providerText("Container"));
      assert.equal(host.asked.at(-1), "POST /containers/create");
    } finally {
      await host.stop();
    }
  });
});
