import assert from "node:assert/strict";
import { mock } from "node:test";
import { toDynamicProvider } from "../../provider/adapter";
import { CrosshostError } from "../../provider/errors";
import { HalfDone } from "../../provider/halfDone";
import type { CommonInputs, Lifecycle } from "../../provider/lifecycle";
import { LostConnection } from "../../provider/lostConnection";
import { fakeRun } from "../helpers/fakeRun";

interface Inputs extends CommonInputs {
  name: string;
  size?: number;
}
interface State extends Inputs {
  made: string;
}

const refused = new CrosshostError("host 10.77.0.1: cannot do it", { code: "docker-refused", hint: "do this" });
const line = "host 10.77.0.1: cannot do it (do this)";

const lifecycle: Lifecycle<Inputs, State> = {
  check: (_olds, news) => ({ inputs: news as unknown as Inputs, failures: [] }),
  diff: (olds, news) => ({ changes: olds.name !== news.name, replaces: olds.name === news.name ? [] : ["name"] }),
  idOf: ({ name }) => `id of ${name}`,
  create: async (inputs) => ({ ...inputs, made: "yes" }),
  read: async (state) => state,
  update: async (_olds, news) => ({ ...news, made: "again" }),
  delete: async () => undefined,
};

const { run, said } = fakeRun({});
const provider = (verbs: Partial<Lifecycle<Inputs, State>> = {}) =>
  toDynamicProvider(
    {
      name: "Thing",
      lifecycle: { ...lifecycle, ...verbs },
      inputKeys: ["owner", "name", "size", "timeouts"],
      recordedKeys: ["timeouts"],
      isOnlyRecorded: (olds, news) => olds.timeouts !== news.timeouts && olds.size === news.size,
    },
    run,
  );

const inputs = { owner: "lab/dev/a", name: "a", __provider: "exports.handler = …" };
const state = { ...inputs, made: "yes" };

/** What a call fails with. */
async function failureOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
  return call.then(
    () => assert.fail("it did not fail"),
    (error: Record<string, unknown>) => error,
  );
}

describe("create, as the provider process calls it", () => {
  it("answers with an id and plain outputs", async () => {
    const create = async (given: Inputs) => ({ ...given, made: "yes", size: undefined });
    assert.deepEqual(await provider({ create }).create(inputs), { id: "id of a", outs: state });
  });

  it("that fails before it touched anything fails plainly, in one line, so that nothing is recorded", async () => {
    const create = async () => Promise.reject(refused);
    const error = await failureOf(provider({ create }).create(inputs));
    assert.ok(error instanceof Error);
    assert.equal(error.message, line);
    assert.equal("id" in error, false);
    assert.equal(`${error}: ${error.stack}`, `${line}: while the Thing id of a was to be created`);
  });

  it("that fails after it touched something is recorded with its reasons and with all that delete needs", async () => {
    const create: typeof lifecycle.create = async (_inputs, task) => {
      task.touching();
      throw refused;
    };
    assert.deepEqual(await failureOf(provider({ create }).create({ ...inputs, size: undefined })), {
      message: line,
      id: "id of a",
      properties: inputs,
      reasons: [line],
    });
  });

  it("has five minutes, or as long as its timeout says", async () => {
    const seen: number[] = [];
    const create: typeof lifecycle.create = async (given, { deadline }) => {
      seen.push(deadline.milliseconds);
      return { ...given, made: "yes" };
    };
    await provider({ create }).create(inputs);
    await provider({ create }).create({ ...inputs, timeouts: { create: "90s" } });
    await provider({ create }).create({ ...inputs, timeouts: { update: "90s" } });
    assert.deepEqual(seen, [300_000, 90_000, 300_000]);
  });
});

describe("a verb that hangs", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  const hang = () => new Promise<never>(() => {});
  const overdue =
    "not done after 150 s: something on the way does not answer (run it again: what is already there is found; `timeouts` can give it longer)";
  const limited = { ...inputs, timeouts: { create: "90s", update: "90s", delete: "90s" } };

  it("is given up a minute after its deadline, and recorded where it had begun", async () => {
    const create: typeof lifecycle.create = (_inputs, task) => {
      task.touching();
      return hang();
    };
    const failure = failureOf(provider({ create }).create(limited));
    mock.timers.tick(149_000);
    mock.timers.tick(1_001);
    assert.deepEqual((await failure).reasons, [overdue]);
  });

  it("leaves state alone where it only looks, changes or removes", async () => {
    const hanging = provider({ read: hang, update: hang, delete: hang });
    const failures = [
      failureOf(hanging.read("id of a", { ...state, ...limited })),
      failureOf(hanging.update("id of a", { ...state, ...limited }, { ...limited, size: 2 })),
      failureOf(hanging.delete("id of a", { ...state, ...limited })),
    ];
    mock.timers.tick(150_001);
    for (const failure of await Promise.all(failures)) assert.equal(failure.message, overdue);
  });
});

describe("a verb that loses its connection", () => {
  const loss = () => new LostConnection("host 10.77.0.1: start it: the SSH connection was lost", undefined);
  const losing = (times: number) => {
    let calls = 0;
    return {
      calls: () => calls,
      async verb() {
        if (++calls <= times) throw loss();
        return state;
      },
    };
  };
  const verbs = {
    create: (verb: () => Promise<State>) => provider({ create: verb }).create(inputs),
    read: (verb: () => Promise<State>) => provider({ read: verb }).read("id of a", state),
    update: (verb: () => Promise<State>) => provider({ update: verb }).update("id of a", state, inputs),
    delete: (verb: () => Promise<unknown>) =>
      provider({ delete: async () => void (await verb()) }).delete("id of a", state),
  };

  it("records what its first part has begun with, though the second fails before it touches anything", async () => {
    let calls = 0;
    const update = async () => {
      throw ++calls === 1 ? new HalfDone({ ...state, made: "in part" }, loss()) : refused;
    };
    const error = await failureOf(provider({ update }).update("id of a", state, inputs));
    assert.deepEqual(error, {
      message: line,
      id: "id of a",
      properties: { ...state, made: "in part" },
      reasons: [line],
    });
  });

  for (const [name, call] of Object.entries(verbs)) {
    it(`is carried out again, with a line that says so: ${name}`, async () => {
      said.length = 0;
      const { calls, verb } = losing(1);
      await call(verb);
      assert.equal(calls(), 2);
      assert.deepEqual(said, [
        "host 10.77.0.1: start it: the SSH connection was lost; connecting again, to look at what is there and to go on",
      ]);
    });
  }

  it("gives up after three times", async () => {
    const { calls, verb } = losing(9);
    const error = await failureOf(provider({ read: verb }).read("id of a", state));
    assert.equal(calls(), 3);
    assert.equal(
      error.message,
      "host 10.77.0.1: start it: the SSH connection was lost (run it again: what is already there is found)",
    );
  });

  it("is not carried out again where the time is over", async () => {
    const { calls, verb } = losing(9);
    await failureOf(provider({ read: verb }).read("id of a", { ...state, timeouts: { update: "100ms" } }));
    assert.equal(calls(), 1);
  });

  it("fails at once by anything else", async () => {
    let calls = 0;
    const read = async () => {
      calls++;
      throw refused;
    };
    await failureOf(provider({ read }).read("id of a", state));
    assert.equal(calls, 1);
  });
});

describe("read, as the provider process calls it", () => {
  it("cuts what was found to the inputs", async () => {
    const read = async (there: State) => ({ ...there, size: 2, made: "by others" });
    assert.deepEqual(await provider({ read }).read("id of a", state), {
      id: "id of a",
      props: { ...state, size: 2, made: "by others" },
      inputs: { owner: "lab/dev/a", name: "a", size: 2 },
    });
  });

  it("answers nothing for what is gone", async () => {
    assert.deepEqual(await provider({ read: async () => undefined }).read("id of a", state), {});
  });

  it("fails where nobody could be asked", async () => {
    const error = await failureOf(provider({ read: async () => Promise.reject(refused) }).read("id of a", state));
    assert.equal(error.message, line);
    assert.equal(error.stack, "while the Thing id of a was to be read");
  });
});

describe("update, as the provider process calls it", () => {
  it("of what is only recorded touches no host", async () => {
    const timeouts = { delete: "9m" };
    assert.deepEqual(await provider().update("id of a", state, { ...inputs, timeouts }), {
      outs: { ...state, timeouts },
    });
    const { made, ...halfMade } = state;
    assert.deepEqual(await provider().update("id of a", halfMade, { ...inputs, timeouts }), {
      outs: { ...state, timeouts, made: "again" },
    });
    assert.deepEqual(await provider().update("id of a", { ...state, timeouts }, inputs), { outs: state });
  });

  it("keeps the owner that is on the labels, also when the stack was renamed", async () => {
    const renamed = { ...inputs, owner: "lab/prod/a" };
    assert.deepEqual(await provider().update("id of a", state, renamed), { outs: { ...inputs, made: "again" } });
  });

  it("fails plainly, so that the state stays what it was", async () => {
    const update = async () => Promise.reject(refused);
    const error = await failureOf(provider({ update }).update("id of a", state, inputs));
    assert.equal(error.message, line);
    assert.equal("id" in error, false);
  });

  it("that failed half way records what there is now, with the provider's text", async () => {
    const update = async () => Promise.reject(new HalfDone({ ...state, made: "in part" }, refused));
    const error = await failureOf(provider({ update }).update("id of a", state, { ...inputs, size: 2 }));
    const properties = { ...state, size: 2, made: "in part" };
    assert.deepEqual(error, { message: line, id: "id of a", properties, reasons: [line] });
  });
});

describe("the other verbs, as the provider process calls them", () => {
  it("check drops what is undefined", async () => {
    const check = () => ({ inputs: { owner: "o", name: "a", size: undefined }, failures: [] });
    assert.deepEqual(await provider({ check }).check({}, inputs), { inputs: { owner: "o", name: "a" }, failures: [] });
  });

  it("diff deletes before it replaces, since names are fixed", async () => {
    assert.deepEqual(await provider().diff("id of a", state, inputs), {
      changes: false,
      replaces: [],
      deleteBeforeReplace: false,
    });
    assert.deepEqual(await provider().diff("id of a", state, { ...inputs, name: "b" }), {
      changes: true,
      replaces: ["name"],
      deleteBeforeReplace: true,
    });
  });

  it("delete fails with one line", async () => {
    const error = await failureOf(provider({ delete: async () => Promise.reject(refused) }).delete("id of a", state));
    assert.equal(`${error}: ${error.stack}`, `${line}: while the Thing id of a was to be deleted`);
  });

  it("configure is there from the first version on", async () => {
    assert.equal(await provider().configure({}), undefined);
  });
});
