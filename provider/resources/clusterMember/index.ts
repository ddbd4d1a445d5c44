import { HalfDone } from "../../halfDone";
import type { Lifecycle, Task } from "../../lifecycle";
import { diffByTable } from "../shared/options";
import { bringAbout } from "./bringAbout";
import { check } from "./check";
import { remove } from "./delete";
import { type ClusterMemberInputs, type ClusterMemberState, options } from "./inputs";
import { read } from "./read";

export const clusterMember: Lifecycle<ClusterMemberInputs, ClusterMemberState> = {
  check: (_olds, news) => check(news),
  diff: (olds, news) => diffByTable(options, olds, news),
  idOf: ({ host }) => host,
  create: (inputs, task) => bringAbout(inputs, task),
  read,
  update,
  delete: remove,
};

/** Whatever an update that fails has begun with, the member is to be looked at again, also for the settings it had. */
async function update(olds: ClusterMemberState, news: ClusterMemberInputs, task: Task): Promise<ClusterMemberState> {
  let touched = false;
  const touching = () => {
    touched = true;
    task.touching();
  };
  try {
    return await bringAbout(news, { ...task, touching }, olds);
  } catch (error) {
    throw touched ? new HalfDone({ ...olds, ...news, joined: false }, error) : error;
  }
}
