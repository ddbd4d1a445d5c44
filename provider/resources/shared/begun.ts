import { HalfDone } from "../../halfDone";
import type { Task } from "../../lifecycle";
import type { OptionTable } from "./options";

/**
 * What is there, as `olds` has it, of the inputs as they are now: an option that is not given any more is not in it, since
 * Pulumi keeps as a secret only what is one in the new inputs.
 */
export function outputsWith<Inputs extends object>(options: OptionTable<Inputs>, olds: object, news: Inputs): object {
  const outputs = Object.entries(olds).filter(([name]) => !Object.hasOwn(options, name));
  return { ...Object.fromEntries(outputs), ...news };
}

/**
 * Carries out an update. One that fails after it has touched something is recorded as `begun`, which has to differ from
 * what any program wants: so the next `up` looks at the resource again, also where the program is what it was before.
 */
export async function recordedOnceBegun<State>(
  task: Task,
  begun: object,
  update: (task: Task) => Promise<State>,
): Promise<State> {
  let touched = false;
  const touching = () => {
    touched = true;
    task.touching();
  };
  try {
    return await update({ ...task, touching });
  } catch (error) {
    throw touched ? new HalfDone(begun, error) : error;
  }
}
