import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { splitConnections } from "../../../sdk/connection";
import { look, mockEngine } from "./mocks";

const privateKey = "a private key";
const one = { connection: { host: "10.77.0.1", privateKey }, parent: "eth0" };
const two = { connection: { host: "10.77.0.2", privateKey }, parent: "eth1" };

/** The others, as the engine would get them. */
const shown = (others: unknown) => look(pulumi.output(others));

describe("connections in a list of hosts", () => {
  before(() => mockEngine({ preview: true }));

  it("are taken out and secret, and the rest is not", async () => {
    const { connections, others } = splitConnections([one, two]);
    assert.deepEqual(await look(connections), {
      value: [one.connection, two.connection],
      isSecret: true,
      isKnown: true,
    });
    assert.deepEqual(await shown(others), {
      value: [{ parent: "eth0" }, { parent: "eth1" }],
      isSecret: false,
      isKnown: true,
    });
  });

  it("are taken out of a list that is an output", async () => {
    const { connections, others } = splitConnections(pulumi.output([one, two]));
    assert.equal((await look(connections)).isSecret, true);
    assert.deepEqual(await shown(others), {
      value: [{ parent: "eth0" }, { parent: "eth1" }],
      isSecret: false,
      isKnown: true,
    });
  });

  it("are taken out of entries that are outputs or promises", async () => {
    const { connections, others } = splitConnections([pulumi.output(one), Promise.resolve(two)]);
    assert.deepEqual((await look(connections)).value, [one.connection, two.connection]);
    assert.equal((await look(connections)).isSecret, true);
    assert.deepEqual((await shown(others)).value, [{ parent: "eth0" }, { parent: "eth1" }]);
  });

  it("do not make the rest secret when the entry, or the connection in it, is a secret output", async () => {
    const secretConnection = { ...one, connection: pulumi.secret(one.connection) };
    const secretEntry = pulumi.secret(two);
    const { connections, others } = splitConnections<typeof one | typeof secretConnection>([
      secretConnection,
      secretEntry,
    ]);
    assert.equal((await look(connections)).isSecret, true);
    assert.deepEqual(await shown(others), {
      value: [{ parent: "eth0" }, { parent: "eth1" }],
      isSecret: false,
      isKnown: true,
    });
  });

  it("that are not known yet leave the rest known", async () => {
    const unknown = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<{ host: string; privateKey: string }>;
    const { connections, others } = splitConnections([{ connection: unknown, parent: "eth0" }, two]);
    const { isKnown, isSecret } = await look(connections);
    assert.deepEqual({ isKnown, isSecret }, { isKnown: false, isSecret: true });
    assert.deepEqual(await shown(others), {
      value: [{ parent: "eth0" }, { parent: "eth1" }],
      isSecret: false,
      isKnown: true,
    });
  });

  it("in a list that is unknown as a whole are unknown, as is the rest", async () => {
    const unknown = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<(typeof one)[]>;
    const { connections, others } = splitConnections(unknown);
    assert.equal((await look(connections)).isKnown, false);
    assert.equal((await shown(others)).isKnown, false);
  });

  it("that are missing, or in something that is no entry, are for check to name", async () => {
    const wrong = ["10.77.0.1", null, { parent: "eth0" }] as unknown as (typeof one)[];
    const { connections, others } = splitConnections(wrong);
    assert.deepEqual((await look(connections)).value, [undefined, undefined, undefined]);
    assert.deepEqual((await shown(others)).value, ["10.77.0.1", null, { parent: "eth0" }]);
  });
});
