import { HalfDone } from "../../halfDone";
import type { Task } from "../../lifecycle";

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
