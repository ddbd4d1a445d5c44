import type { Lifecycle } from "../../lifecycle";
import { outputsWith, recordedOnceBegun } from "../shared/begun";
import { bringAbout } from "./bringAbout";
import { check } from "./check";
import { remove } from "./delete";
import { diff } from "./diff";
import { type ContainerInputs, type ContainerState, options } from "./inputs";
import { read } from "./read";

export const container: Lifecycle<ContainerInputs, ContainerState> = {
  check: (_olds, news, run) => check(news, run),
  diff,
  idOf: ({ host, name }) => `${host}/${name}`,
  create: (inputs, task) => bringAbout(inputs, task),
  read,
  update: (olds, news, task) =>
    recordedOnceBegun(task, { ...outputsWith(options, olds, news), reachable: false }, (begun) =>
      bringAbout(news, begun, olds),
    ),
  delete: remove,
};
