import type { Lifecycle } from "../../lifecycle";
import { bringAbout } from "./bringAbout";
import { check } from "./check";
import { remove } from "./delete";
import { diff } from "./diff";
import type { MacvlanNetworkInputs, MacvlanNetworkState } from "./inputs";
import { read } from "./read";

export const macvlanNetwork: Lifecycle<MacvlanNetworkInputs, MacvlanNetworkState> = {
  check: (olds, news) => check(olds, news),
  diff,
  idOf: ({ name }) => name,
  create: (inputs, task) => bringAbout(inputs, task),
  read,
  update: (olds, news, task) => bringAbout(news, task, olds),
  delete: remove,
};
