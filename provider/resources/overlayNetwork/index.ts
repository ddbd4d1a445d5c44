import type { Lifecycle } from "../../lifecycle";
import { diffByTable } from "../shared/options";
import { bringAbout } from "./bringAbout";
import { check } from "./check";
import { remove } from "./delete";
import { type OverlayNetworkInputs, type OverlayNetworkState, options } from "./inputs";
import { read } from "./read";

export const overlayNetwork: Lifecycle<OverlayNetworkInputs, OverlayNetworkState> = {
  check: (_olds, news, run) => check(news, run),
  diff: (olds, news) => diffByTable(options, olds, news),
  idOf: ({ name }) => name,
  create: (inputs, task) => bringAbout(inputs, task),
  read,
  update: (olds, news, task) => bringAbout(news, task, olds),
  delete: remove,
};
