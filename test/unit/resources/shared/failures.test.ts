import assert from "node:assert/strict";
import * as v from "valibot";
import { checkSchema } from "../../../../provider/resources/shared/check";
import { common, connection, connections, port, text } from "../../../../provider/resources/shared/schema";
import { UNKNOWN } from "../../../../provider/unknown";
import { connectionTo } from "../../../helpers/inputs";

const schema = v.strictObject({ ...common, connection, name: text, port: v.optional(port) }, "to be an object");
const good = { owner: "lab/dev/a", connection: connectionTo("10.77.0.1"), name: "a" };
const failures = (changed: object) => checkSchema(schema, { ...good, ...changed }).failures.list;

const secret = "hunter2";

describe("what is wrong with inputs", () => {
  it("is nothing where all is well", () => {
    assert.deepEqual(failures({}), []);
  });

  it("says what is expected where, and what is there instead", () => {
    assert.deepEqual(failures({ port: 0 }), [
      { property: "port", reason: "Expected `port` to be a port, 1 to 65535, got `0`" },
    ]);
    assert.deepEqual(failures({ port: ["22"] }), [
      { property: "port", reason: 'Expected `port` to be a port, 1 to 65535, got `["22"]`' },
    ]);
  });

  it("is said once, though two rules find it", () => {
    assert.deepEqual(failures({ port: 70_000.5 }), [
      { property: "port", reason: "Expected `port` to be a port, 1 to 65535, got `70000.5`" },
    ]);
  });

  it("names what is missing, and null is missing too", () => {
    assert.deepEqual(failures({ name: undefined }), [{ property: "name", reason: "Expected `name` to be given" }]);
    assert.deepEqual(failures({ name: null }), [{ property: "name", reason: "Expected `name` to be given" }]);
  });

  it("names what is unknown to the schema, and at the top what there is", () => {
    assert.deepEqual(failures({ nmae: "x" }), [
      {
        property: "nmae",
        reason: "Unknown property `nmae` (there are: timeouts, skipUnreachableHosts, connection, name, port)",
      },
    ]);
    assert.deepEqual(failures({ connection: connectionTo("10.77.0.1", { pasword: secret }) }), [
      { property: "connection.pasword", reason: "Unknown property `connection.pasword`" },
    ]);
  });

  it("is all said at once", () => {
    const found = failures({ name: "", port: -1, color: "red", connection: { user: "" } });
    assert.deepEqual(found.map(({ property }) => property).sort(), [
      "color",
      "connection.host",
      "connection.user",
      "name",
      "port",
    ]);
  });

  it("is reported where the user wrote the connections", () => {
    const split = v.strictObject({ ...common, connections }, "to be an object");
    const check = (value: unknown) =>
      checkSchema(split, { owner: "lab/dev/a", connections: value }, { connectionsOf: "hosts" }).failures.list;
    assert.deepEqual(check([connectionTo("10.77.0.1"), connectionTo("10.77.0.2", { port: 70_000 })]), [
      {
        property: "hosts[1].connection.port",
        reason: "Expected `hosts[1].connection.port` to be a port, 1 to 65535, got `70000`",
      },
    ]);
    assert.deepEqual(check([undefined]), [
      { property: "hosts[0].connection", reason: "Expected `hosts[0].connection` to be given" },
    ]);
    assert.deepEqual(check([]), [{ property: "hosts", reason: "Expected `hosts` to have at least one host" }]);
  });

  it("is nobody's mistake where a value is not known yet", () => {
    for (const changed of [
      { name: UNKNOWN },
      { port: UNKNOWN },
      { connection: UNKNOWN },
      { connection: connectionTo(UNKNOWN, { port: UNKNOWN, hostKey: UNKNOWN, dialErrorLimit: UNKNOWN }) },
      { timeouts: UNKNOWN },
      { timeouts: { create: UNKNOWN } },
    ]) {
      assert.deepEqual(failures(changed), [], JSON.stringify(changed));
    }
  });
});

describe("what is wrong with secrets", () => {
  const envs = v.strictObject(
    { ...common, envs: v.array(v.pipe(v.string("to be a string"), v.regex(/=/, "to be NAME=value")), "to be a list") },
    "",
  );
  const wrong: [string, () => { property: string; reason: string }[]][] = [
    ["password", () => failures({ connection: connectionTo("h", { password: { secret } }) })],
    ["privateKey", () => failures({ connection: connectionTo("h", { privateKey: [secret] }) })],
    ["privateKeyPassword", () => failures({ connection: connectionTo("h", { privateKeyPassword: [secret] }) })],
    ["a whole connection", () => failures({ connection: secret })],
    ["a list of connections", () => failures({ connection: [secret] })],
    [
      "connections that are no list",
      () =>
        checkSchema(v.strictObject({ ...common, connections }, ""), { owner: "o", connections: secret }).failures.list,
    ],
    [
      "connections that are no list, split off by the SDK class",
      () =>
        checkSchema(
          v.strictObject({ ...common, connections }, ""),
          { owner: "o", connections: secret },
          { connectionsOf: "hosts" },
        ).failures.list,
    ],
    ["an environment variable", () => checkSchema(envs, { owner: "o", envs: ["A=1", secret] }).failures.list],
    ["environment variables that are no list", () => checkSchema(envs, { owner: "o", envs: secret }).failures.list],
  ];
  for (const [what, found] of wrong) {
    it(`does not show the value of ${what}`, () => {
      const list = found();
      assert.ok(list.length > 0);
      assert.ok(!JSON.stringify(list).includes(secret), JSON.stringify(list));
    });

    // The engine adds the value of a top-level property to the failure, also of one that is secret.
    it(`is not reported at a property whose value the engine would print: ${what}`, () => {
      for (const { property } of found()) assert.ok(property === "" || /[.[]|^hosts$/.test(property), property);
    });
  }

  it("still says where, in the reason", () => {
    assert.deepEqual(failures({ connection: secret }), [
      {
        property: "",
        reason: "Expected `connection` to be a connection: { host, user, privateKey, hostKey, … }",
      },
    ]);
  });
});
