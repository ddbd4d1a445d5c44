import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { utils } from "ssh2";
import { UNKNOWN } from "../../provider/unknown";
import { hostKey, SshServer } from "../unit/ssh/sshServer";
import { failureOf, ProviderProcess, providerText } from "./providerProcess";

const { private: privateKey } = utils.generateKeyPairSync("ed25519");
const password = "correct horse battery staple";
/** What may be seen nowhere: a line from the middle of the key, and the password. */
const secrets = [privateKey.split("\n")[2]!, password];

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("the dynamic-provider process", function () {
  this.timeout(60_000);
  let provider: ProviderProcess;
  before(async () => {
    provider = await ProviderProcess.start();
  });
  after(() => provider.stop());

  const connection = (more: object = {}) => ({
    host: "127.0.0.1",
    privateKey,
    password,
    hostKey: hostKey.public,
    ...more,
  });
  const web = (more: object = {}) => ({
    owner: "lab/dev/web1",
    connection: connection(),
    name: "web1",
    image: "busybox:1.35",
    networksAdvanced: [{ name: "ov_net1", aliases: ["www", "web"] }],
    ...more,
  });

  it("checks: fills in defaults, normalises, and keeps the provider's text", async () => {
    const { inputs, failures } = await provider.check("Container", web());
    assert.deepEqual(failures, []);
    const expected = {
      ...web(),
      connection: { ...connection(), dialErrorLimit: 10, perDialTimeout: 15 },
      networksAdvanced: [{ name: "ov_net1", aliases: ["web", "www"] }],
      envs: [],
      labels: {},
      restart: "no",
      mustRun: true,
      host: "127.0.0.1",
      __provider: providerText("Container"),
    };
    // Beside the defaults of options that come and go.
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, inputs[key]])), expected);
  });

  it("checks what it is given back to the same", async () => {
    const { inputs } = await provider.check("Container", web());
    const { host: _, ...given } = inputs;
    assert.deepEqual((await provider.check("Container", given, inputs)).inputs, inputs);
  });

  it("checks: every failure at once, each at its property, with no secret in it", async () => {
    const { failures } = await provider.check("MacvlanNetwork", {
      owner: "lab/dev/lan",
      name: "lan",
      hosts: [{ parent: "eth0" }, { parent: "eth0" }],
      connections: [connection({ port: 70_000, privateKey: [privateKey] }), { ...connection(), host: undefined }].map(
        (entry) => JSON.parse(JSON.stringify(entry)),
      ),
      ipamConfigs: [{ subnet: "10.77.0.0", ipRange: "10.77.0.64/26" }],
      colour: "red",
    });
    const { colour, ...others } = Object.fromEntries(failures.map(({ property, reason }) => [property, reason]));
    assert.match(colour ?? "", /^Unknown property `colour` \(there are: .*\bhosts, .*\bipamConfigs, .*\)$/);
    assert.deepEqual(others, {
      "hosts[0].connection.port": "Expected `hosts[0].connection.port` to be a port, 1 to 65535, got `70000`",
      "hosts[0].connection.privateKey": "Expected `hosts[0].connection.privateKey` to be a string",
      "hosts[1].connection.host": "Expected `hosts[1].connection.host` to be given",
      "ipamConfigs[0].subnet":
        "Expected `ipamConfigs[0].subnet` to be a CIDR block such as 10.200.0.0/24 or fd00:200::/64, got `10.77.0.0`",
    });
  });

  it("checks what is not known yet without complaint", async () => {
    const { inputs, failures } = await provider.check(
      "Container",
      web({ connection: UNKNOWN, networksAdvanced: UNKNOWN }),
    );
    assert.deepEqual(failures, []);
    assert.deepEqual([inputs.connection, inputs.host, inputs.networksAdvanced], [UNKNOWN, UNKNOWN, UNKNOWN]);
  });

  it("tells no change, a change, and a replacement apart", async () => {
    const { inputs } = await provider.check("Container", web());
    const state = { ...inputs, containerId: "c1", endpoints: [] };
    assert.deepEqual(await provider.diff(state, inputs), { changes: false, replaces: [], deleteBeforeReplace: false });
    const alias = { ...inputs, networksAdvanced: [{ name: "ov_net1", aliases: ["api"] }] };
    assert.deepEqual(await provider.diff(state, alias), { changes: true, replaces: [], deleteBeforeReplace: false });
    assert.deepEqual(await provider.diff(state, { ...inputs, image: "busybox:1.36" }), {
      changes: true,
      replaces: ["image"],
      deleteBeforeReplace: true,
    });
    assert.deepEqual(await provider.diff(state, { ...inputs, networksAdvanced: UNKNOWN }), {
      changes: true,
      replaces: ["networksAdvanced"],
      deleteBeforeReplace: true,
    });
  });

  it("says in one line which host it could not reach, what it tried and what to do, and records nothing", async () => {
    const port = await closedPort();
    const { inputs } = await provider.check("Container", web({ connection: connection({ port, dialErrorLimit: 1 }) }));
    assert.deepEqual(await failureOf(provider.create(inputs)), {
      message: `host 127.0.0.1: cannot connect to port ${port}: connection refused (is sshd running there, and is \`connection.port\` right?)`,
    });
  });

  it("fails a read of a host that cannot be reached, so that the resource is not taken for gone", async () => {
    const port = await closedPort();
    const { inputs } = await provider.check("Container", web({ connection: connection({ port, dialErrorLimit: 1 }) }));
    const { message } = await failureOf(provider.read(inputs));
    assert.match(message, /^host 127\.0\.0\.1: cannot connect to port \d+: connection refused/);
  });

  it("names a kind that this version does not have", async () => {
    const { message } = await failureOf(provider.check("Volume", {}));
    assert.equal(message, "pulumi-crosshost has no resource of the kind Volume");
  });

  it("reaches a host once for all kinds of resource", async () => {
    const server = await SshServer.start();
    try {
      const here = server.connection();
      const [container, network] = await Promise.all([
        provider.check("Container", web({ connection: here, name: "crosshost-no-such-container" })),
        provider.check("OverlayNetwork", {
          owner: "lab/dev/ov",
          name: "crosshost-no-such-network",
          connections: [here],
          ipamConfigs: [{ subnet: "10.200.0.0/24" }],
        }),
      ]);
      // Without Docker on this machine both fail, with it both find nothing: what counts is that both were there.
      await Promise.allSettled([provider.read(container.inputs), provider.read(network.inputs)]);
      assert.equal(server.handshakes, 1);
    } finally {
      await server.stop();
    }
  });

  // Pulumi's process has more than 100 MB before it loads anything of ours, the TypeScript compiler above all.
  it("takes up less than 40 MB more than before it loaded us, after all this", () => {
    const added = provider.peakMemory() - provider.memoryAtStart;
    assert.ok(provider.memoryAtStart > 10 && added < 40, `${added.toFixed(1)} MB`);
  });

  it("has printed no secret", () => {
    for (const secret of secrets) assert.ok(!provider.printed.includes(secret), "a secret is in what it printed");
  });
});

describe("the provider's text in state", () => {
  it("is the same in every program, and small", () => {
    assert.equal(
      providerText("Container"),
      'exports.handler = () => require("pulumi-crosshost/provider").lifecycleOf("Container");\n',
    );
    assert.ok(providerText("MacvlanNetwork").length < 2200);
  });
});
