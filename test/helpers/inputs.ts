import type { CheckFailure, CommonInputs, Lifecycle } from "../../provider/lifecycle";
import { fakeRun } from "./fakeRun";

export const privateKey =
  "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0IHNlY3JldA==\n-----END OPENSSH PRIVATE KEY-----\n";

/** A connection as the SDK classes hand it in. */
export function connectionTo(host: string, more: object = {}): Record<string, unknown> {
  return { host, user: "root", privateKey, ...more };
}

/** What check makes of a program's properties; fails where it finds something wrong. */
export function checked<Inputs extends CommonInputs, State extends Inputs>(
  lifecycle: Lifecycle<Inputs, State>,
  news: Record<string, unknown>,
  olds: Partial<Inputs> = {},
): Inputs {
  const { inputs, failures } = lifecycle.check(olds, news, fakeRun({}).run);
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
  return inputs;
}

export function failuresOf<Inputs extends CommonInputs, State extends Inputs>(
  lifecycle: Lifecycle<Inputs, State>,
  news: Record<string, unknown>,
  olds: Partial<Inputs> = {},
): CheckFailure[] {
  return lifecycle.check(olds, news, fakeRun({}).run).failures;
}

/** The same inputs with the outputs that a state has beside them. */
export function stateOf<Inputs extends CommonInputs, State extends Inputs>(
  inputs: Inputs,
  outputs: Omit<State, keyof Inputs>,
): State {
  return { ...inputs, ...outputs } as unknown as State;
}
