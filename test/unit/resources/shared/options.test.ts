import assert from "node:assert/strict";
import { diffByTable, isOnlyRecorded, type OptionTable } from "../../../../provider/resources/shared/options";
import { UNKNOWN } from "../../../../provider/unknown";

interface Inputs {
  owner: string;
  subnet: string;
  networks: { name: string; aliases: string[] }[];
  image: string;
}

const table: OptionTable<Inputs> = {
  owner: { onChange: "ignore" },
  subnet: { onChange: "replace" },
  networks: { onChange: "update", replaceWhenUnknown: true },
  image: { onChange: "update" },
};

const olds: Inputs = {
  owner: "lab/dev/web",
  subnet: "10.0.0.0/24",
  networks: [{ name: "lan", aliases: ["web"] }],
  image: "busybox:1.35",
};

const diff = (changed: Partial<Record<keyof Inputs, unknown>>) =>
  diffByTable(table, olds, { ...olds, ...changed } as Inputs);

const nothing = { changes: false, replaces: [] };
const update = { changes: true, replaces: [] };
const replacing = (...replaces: string[]) => ({ changes: true, replaces });

describe("a change of what is only recorded", () => {
  const timed: OptionTable<Inputs & { timeout: string }> = { ...table, timeout: { onChange: "record" } };
  const before = { ...olds, timeout: "1m" };

  it("is an update that concerns no host", () => {
    const now = { ...before, timeout: "2m" };
    assert.deepEqual(diffByTable(timed, before, now), update);
    assert.equal(isOnlyRecorded(timed, before, now), true);
    assert.equal(isOnlyRecorded(timed, before, before), false);
    assert.equal(isOnlyRecorded(timed, before, { ...now, image: "busybox:1.36" }), false);
  });
});

describe("a diff by the option table", () => {
  it("goes by the values where what a change does depends on them", () => {
    const limited: OptionTable<Inputs & { memory?: number }> = {
      ...table,
      memory: { onChange: (_old, now) => (now === undefined ? "replace" : "update") },
    };
    const before = { ...olds, memory: 64 };
    assert.deepEqual(diffByTable(limited, before, { ...olds, memory: 128 }), update);
    assert.deepEqual(diffByTable(limited, before, { ...olds, memory: undefined }), replacing("memory"));
  });

  it("finds nothing between equals, whatever their keys' order", () => {
    assert.deepEqual(diff({}), nothing);
    assert.deepEqual(diff({ networks: [{ aliases: ["web"], name: "lan" }] }), nothing);
  });

  it("finds nothing in a property that is absent on one side and undefined on the other", () => {
    assert.deepEqual(diff({ networks: [{ name: "lan", aliases: ["web"], ipv4Address: undefined }] }), nothing);
  });

  it("finds nothing where the table says that a change means nothing", () => {
    assert.deepEqual(diff({ owner: "lab/prod/web" }), nothing);
  });

  it("says update or replace by the table", () => {
    assert.deepEqual(diff({ image: "busybox:1.36" }), update);
    assert.deepEqual(diff({ subnet: "10.0.1.0/24" }), replacing("subnet"));
    assert.deepEqual(diff({ subnet: "10.0.1.0/24", image: "busybox:1.36" }), replacing("subnet"));
  });

  it("minds the order of a list", () => {
    const networks = [
      { name: "ov", aliases: [] },
      { name: "lan", aliases: ["web"] },
    ];
    assert.deepEqual(diffByTable(table, { ...olds, networks }, { ...olds, networks: [...networks].reverse() }), update);
  });

  it("replaces when a property from a resource it cannot outlive is unknown as a whole", () => {
    assert.deepEqual(diff({ networks: UNKNOWN }), replacing("networks"));
  });

  it("only updates when something inside it is unknown", () => {
    assert.deepEqual(diff({ networks: [UNKNOWN] }), update);
    assert.deepEqual(diff({ networks: [{ name: UNKNOWN, aliases: ["web"] }] }), update);
    assert.deepEqual(diff({ networks: [{ name: "lan", aliases: UNKNOWN }] }), update);
  });

  it("only updates when a property that replaces is not known yet: it may turn out to be the same", () => {
    assert.deepEqual(diff({ subnet: UNKNOWN }), update);
  });

  it("sees a certain change beside what is unknown", () => {
    const wide: OptionTable<Inputs> = { ...table, networks: { onChange: "replace" } };
    const news = { ...olds, networks: [{ name: UNKNOWN, aliases: ["other"] }] };
    assert.deepEqual(diffByTable(wide, olds, news), replacing("networks"));
    assert.deepEqual(diffByTable(wide, olds, { ...olds, networks: [{ name: UNKNOWN, aliases: ["web"] }] }), update);
  });

  it("sees a list that became an object, and a value that came or went", () => {
    assert.deepEqual(diff({ networks: { 0: { name: "lan", aliases: ["web"] } } }), update);
    assert.deepEqual(diff({ subnet: undefined }), replacing("subnet"));
    assert.deepEqual(
      diffByTable(table, { ...olds, subnet: undefined as unknown as string }, olds),
      replacing("subnet"),
    );
  });
});
