import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as crosshost from "../../../sdk";
import { stubOptions } from "../../../sdk/stub";
import { look, mockEngine, registration } from "./mocks";

const privateKey = "-----BEGIN OPENSSH PRIVATE KEY-----";
const connection = { host: "10.77.0.1", user: "root", privateKey };
const textOf = (kind: string) =>
  `exports.handler = () => require("pulumi-crosshost/provider").lifecycleOf("${kind}");\n`;

describe("the resource classes", () => {
  beforeEach(() => mockEngine());

  const make: Record<string, (name: string, options?: pulumi.CustomResourceOptions) => pulumi.CustomResource> = {
    KVStore: (name, options) => new crosshost.KVStore(name, { kind: "consul", servers: [{ connection }] }, options),
    ClusterMember: (name, options) =>
      new crosshost.ClusterMember(
        name,
        { connection, clusterStore: "consul://a:1", clusterAdvertise: "eth0:1" },
        options,
      ),
    OverlayNetwork: (name, options) =>
      new crosshost.OverlayNetwork(
        name,
        { connections: [connection], ipamConfigs: [{ subnet: "10.0.0.0/24" }] },
        options,
      ),
    MacvlanNetwork: (name, options) =>
      new crosshost.MacvlanNetwork(
        name,
        { hosts: [{ connection, parent: "eth0" }], ipamConfigs: [{ subnet: "10.0.0.0/24", ipRange: "10.0.0.0/26" }] },
        options,
      ),
    Container: (name, options) => new crosshost.Container(name, { connection, image: "busybox" }, options),
  };

  it("have the old thing go before the new one comes, whatever the program says", () => {
    const parent = new (class extends pulumi.ComponentResource {})("test:index:Group", "group");
    const options = stubOptions({ parent, protect: true, deleteBeforeReplace: false });
    assert.deepEqual([options.deleteBeforeReplace, options.protect], [true, true]);
    assert.equal(options.parent, parent);
    assert.equal(stubOptions(undefined).deleteBeforeReplace, true);
  });

  for (const [kind, construct] of Object.entries(make)) {
    describe(kind, () => {
      it("runs in the dynamic-provider process, by a text that never changes and is small", async () => {
        const { type, inputs } = await registration(construct("a"), "a");
        assert.equal(type, `pulumi-nodejs:dynamic/crosshost:${kind}`);
        assert.equal(inputs.__provider, textOf(kind));
        assert.ok(textOf(kind).length < 2200);
      });

      it("says whose it is", async () => {
        const { inputs } = await registration(construct("a"), "a");
        assert.equal(inputs.owner, "lab/dev/a");
      });

      it("says in which components it is", async () => {
        class Group extends pulumi.ComponentResource {}
        const outer = new Group("test:index:Group", "outer");
        const inner = new Group("test:index:Group", "inner", {}, { parent: outer });
        const { inputs } = await registration(construct("a", { parent: inner }), "a");
        assert.equal(inputs.owner, "lab/dev/outer/inner/a");
      });

      it("shows a private key given as a plain string nowhere but in what is secret", async () => {
        const { inputs } = await registration(construct("a"), "a");
        const { connection: _, connections: __, ...others } = inputs;
        assert.ok(!JSON.stringify(others).includes(privateKey));
      });
    });
  }

  it("mark a connection secret though it is plain", async () => {
    const member = make.ClusterMember!("a") as crosshost.ClusterMember;
    const { value, isSecret } = await look(member.connection);
    assert.equal(isSecret, true);
    assert.equal(value.privateKey, privateKey);
  });

  it("mark what is not a connection as nothing secret", async () => {
    const store = make.KVStore!("consul") as crosshost.KVStore;
    assert.deepEqual(await look(store.name), { value: "consul", isSecret: false, isKnown: true });
    const { inputs } = await registration(store, "consul");
    assert.deepEqual(inputs.servers, [{}]);
  });

  it("name a thing after its resource, unless told otherwise", async () => {
    const container = make.Container!("web1") as crosshost.Container;
    assert.equal((await registration(container, "web1")).inputs.name, "web1");
    const named = new crosshost.Container("web2", { connection, image: "busybox", name: "httpd" });
    assert.equal((await registration(named, "web2")).inputs.name, "httpd");
  });

  it("leave the arguments they are given as they are", async () => {
    const args = { connection, image: "busybox" };
    await registration(new crosshost.Container("a", args), "a");
    assert.deepEqual(args, { connection: { host: "10.77.0.1", user: "root", privateKey }, image: "busybox" });
  });
});
