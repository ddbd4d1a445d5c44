import type { Lifecycle } from "../../lifecycle";
import { outputsWith, recordedOnceBegun } from "../shared/begun";
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
  update: (olds, news, task) =>
    recordedOnceBegun(task, { ...outputsWith(options, olds, news), joined: false }, (begun) =>
      bringAbout(news, begun, olds),
    ),
  delete: remove,
};
