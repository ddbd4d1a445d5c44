import { HalfDone } from "../../halfDone";
import type { Lifecycle, Task } from "../../lifecycle";
import { bringAbout } from "./bringAbout";
import { check } from "./check";
import { remove } from "./delete";
import { diff } from "./diff";
import type { ContainerInputs, ContainerState } from "./inputs";
import { read } from "./read";

export const container: Lifecycle<ContainerInputs, ContainerState> = {
  check: (_olds, news, run) => check(news, run),
  diff,
  idOf: ({ host, name }) => `${host}/${name}`,
  create: (inputs, task) => bringAbout(inputs, task),
  read,
  update,
  delete: remove,
};

/** Whatever an update that fails has begun with, the container is to be looked at again, also for what it was before. */
async function update(olds: ContainerState, news: ContainerInputs, task: Task): Promise<ContainerState> {
  let touched = false;
  const touching = () => {
    touched = true;
    task.touching();
  };
  try {
    return await bringAbout(news, { ...task, touching }, olds);
  } catch (error) {
    throw touched ? new HalfDone({ ...olds, ...news, reachable: false }, error) : error;
  }
}
