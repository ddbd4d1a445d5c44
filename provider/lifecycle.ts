import type { RunContext } from "./run/context";
import type { Deadline } from "./wait";

/** One thing wrong with the inputs: where, as a path such as `ipamConfigs[0].subnet`, and what. */
export interface CheckFailure {
  property: string;
  reason: string;
}

export interface CheckResult<Inputs> {
  inputs: Inputs;
  failures: CheckFailure[];
}

export interface DiffResult {
  changes: boolean;
  /** The properties whose change cannot be brought about in place. */
  replaces: string[];
}

/** What create, update and delete work with. */
export interface Task {
  run: RunContext;
  /** When this verb gives up waiting, from the `timeouts` input. */
  deadline: Deadline;
  /**
   * Says that from here on there may be something of this resource on a host, of this run or of an interrupted one: a
   * failure of create after this is recorded in state together with the inputs, so that the next `up` or `destroy` deals
   * with what is there.
   */
  touching(): void;
}

/** The inputs every resource has. */
export interface CommonInputs {
  /** `<project>/<stack>/<name>`, handed in by the SDK class; the value of the ownership label. */
  owner: string;
  timeouts?: Partial<Timeouts>;
  /** Whether reading and removing leave hosts alone that cannot be reached. Default false. */
  skipUnreachableHosts?: boolean;
}

/** Durations such as "90s" or "5m". */
export interface Timeouts {
  create: string;
  update: string;
  delete: string;
}

/**
 * What one kind of resource can do. `State` extends `Inputs`, so that diff can compare every input with what is there.
 *
 * - check and diff are pure: no SSH, no clock; check may read a file of this machine that an input names. In a preview any
 *   value may still be unknown.
 * - create is re-entrant: what an interrupted run of the same resource left is found by its owner label and finished.
 * - read answers undefined ("gone") only on proof; not being able to ask is an error.
 * - update brings the real thing to the inputs, also after a create that failed half way.
 * - delete succeeds on what is already gone.
 */
export interface Lifecycle<Inputs extends CommonInputs, State extends Inputs> {
  check(olds: Partial<Inputs>, news: Record<string, unknown>, run: RunContext): CheckResult<Inputs>;
  diff(olds: State, news: Inputs): DiffResult;
  /** The resource's id: known from the inputs alone, never secret. */
  idOf(inputs: Inputs): string;
  create(inputs: Inputs, task: Task): Promise<State>;
  read(state: State, task: Task): Promise<State | undefined>;
  update(olds: State, news: Inputs, task: Task): Promise<State>;
  delete(state: State, task: Task): Promise<void>;
}
