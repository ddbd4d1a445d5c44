import type { Lifecycle } from "../../lifecycle";
import { diffByTable } from "../shared/options";
import { bringAbout } from "./bringAbout";
import { check } from "./check";
import { remove } from "./delete";
import { type ContainerInputs, type ContainerState, options } from "./inputs";
import { read } from "./read";

export const container: Lifecycle<ContainerInputs, ContainerState> = {
  check: (_olds, news) => check(news),
  diff: (olds, news) => diffByTable(options, olds, news),
  idOf: ({ host, name }) => `${host}/${name}`,
  create: bringAbout,
  read,
  update: (_olds, news, task) => bringAbout(news, task),
  delete: remove,
};
