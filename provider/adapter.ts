import { parseDuration } from "./duration";
import { describeError } from "./errors";
import { HalfDone } from "./halfDone";
import type { CheckFailure, CommonInputs, Lifecycle, Task, Timeouts } from "./lifecycle";
import { despiteLostConnections } from "./lostConnection";
import { unlessOverdue } from "./overdue";
import type { RunContext } from "./run/context";
import { Deadline } from "./wait";

type Properties = Record<string, unknown>;

/**
 * What Pulumi's dynamic-provider process calls, as its `dynamic.ResourceProvider` has it; written out here since
 * provider/ imports nothing of the SDK.
 */
export interface DynamicProvider {
  configure(request: unknown): Promise<void>;
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<DynamicDiff>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, state: Properties): Promise<{ id?: string; props?: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, state: Properties): Promise<void>;
}

export interface DynamicDiff {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** How long a verb may take where `timeouts` does not say. */
const DEFAULT_TIMEOUT = "5m";

/** A resource whose inputs are a known set of keys: what read hands back as inputs is cut to these. */
export interface Kind<Inputs extends CommonInputs, State extends Inputs> {
  name: string;
  lifecycle: Lifecycle<Inputs, State>;
  inputKeys: readonly (keyof Inputs & string)[];
  /** Those of them that concern no host and are only kept in state. */
  recordedKeys: readonly (keyof Inputs & string)[];
  /** Whether a change concerns no host, only what is kept in state. */
  isOnlyRecorded(olds: Inputs, news: Inputs): boolean;
}

/** Speaks Pulumi's dynamic-provider protocol for one kind of resource, with the quirks of that protocol kept here. */
export function toDynamicProvider<Inputs extends CommonInputs, State extends Inputs>(
  kind: Kind<Inputs, State>,
  run: RunContext,
): DynamicProvider {
  const { lifecycle } = kind;

  const task = (verb: keyof Timeouts, { timeouts }: Inputs, onTouch: () => void = () => {}): Task => ({
    run,
    deadline: new Deadline(parseDuration(timeouts?.[verb] ?? DEFAULT_TIMEOUT)!),
    touching: onTouch,
  });

  /** Carries out a verb; see `despiteLostConnections` and `unlessOverdue`. */
  const carryOut = <T>(task: Task, verb: (task: Task) => Promise<T>): Promise<T> => {
    const say = (line: string) => run.say(line);
    return unlessOverdue(
      task.deadline,
      despiteLostConnections(task.deadline, say, () => verb(task)),
    );
  };

  const failed = (verb: string, id: string, error: unknown): Error => {
    const reported = new Error(describeError(error), { cause: error });
    // The provider process prints `${error}: ${error.stack}`; a stack of ours would bury the one line that matters.
    reported.name = "";
    reported.stack = `while the ${kind.name} ${id} was to be ${verb}`;
    return reported;
  };

  /** A create that failed half way has left no outputs beside the inputs. */
  const isWhole = (state: Properties) =>
    Object.keys(state).some((key) => key !== "__provider" && !kind.inputKeys.some((input) => input === key));

  return {
    // Old state keeps the old provider text, so what the engine may one day call is here from the first version on.
    async configure() {},

    async check(olds, news) {
      const { inputs, failures } = lifecycle.check(olds as Partial<Inputs>, news, run);
      run.seen(inputs);
      return { inputs: plain(inputs), failures };
    },

    async diff(_id, olds, news) {
      run.recorded(olds);
      const { changes, replaces } = lifecycle.diff(olds as unknown as State, news as unknown as Inputs);
      return { changes, replaces, deleteBeforeReplace: replaces.length > 0 };
    },

    async create(properties) {
      const inputs = properties as unknown as Inputs;
      const id = lifecycle.idOf(inputs);
      let touched = false;
      try {
        const begun = task("create", inputs, () => {
          touched = true;
        });
        const state = await carryOut(begun, (task) => lifecycle.create(inputs, task));
        return { id, outs: plain(state) };
      } catch (error) {
        if (!touched) throw failed("created", id, error);
        if (error instanceof HalfDone) throw recordable(id, { ...inputs, ...error.state }, error.cause);
        throw recordable(id, inputs, error);
      }
    },

    async read(id, properties) {
      const state = properties as unknown as State;
      run.seen(state);
      try {
        const found = await carryOut(task("update", state), (task) => lifecycle.read(state, task));
        if (!found) return {};
        const props = plain(found);
        const inputs = Object.fromEntries(kind.inputKeys.filter((key) => key in props).map((key) => [key, props[key]]));
        return { id, props, inputs };
      } catch (error) {
        throw failed("read", id, error);
      }
    },

    async update(id, olds, properties) {
      // The label on the host stays what it was when the stack is renamed, so the resource keeps its old owner.
      const news = { ...(properties as unknown as Inputs), owner: (olds as unknown as State).owner };
      if (isWhole(olds) && kind.isOnlyRecorded(olds as unknown as State, news)) {
        // What is no longer given goes.
        const recorded = Object.fromEntries(kind.recordedKeys.map((key) => [key, news[key]]));
        return { outs: plain({ ...olds, ...recorded }) };
      }
      try {
        const update = (task: Task) => lifecycle.update(olds as unknown as State, news, task);
        return { outs: plain(await carryOut(task("update", news), update)) };
      } catch (error) {
        if (error instanceof HalfDone) throw recordable(id, { ...properties, ...error.state }, error.cause);
        throw failed("updated", id, error);
      }
    },

    async delete(id, properties) {
      const state = properties as unknown as State;
      try {
        await carryOut(task("delete", state), (task) => lifecycle.delete(state, task));
      } catch (error) {
        throw failed("deleted", id, error);
      }
    },
  };
}

/**
 * Only an error of this shape is recorded in state, and of it the user sees only the reasons. The properties hold
 * `__provider`, without which the resource could never be deleted.
 */
function recordable(id: string, properties: object, error: unknown) {
  return { message: describeError(error), id, properties: plain(properties), reasons: [describeError(error)] };
}

/** Plain JSON: the protocol fails on undefined and on anything with a prototype, and only after the work is done. */
function plain(value: object): Properties {
  return JSON.parse(JSON.stringify(value)) as Properties;
}
