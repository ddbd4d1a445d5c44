import type { Lifecycle } from "../../lifecycle";
import { bringAbout } from "./bringAbout";
import { check } from "./check";
import { remove } from "./delete";
import { diff } from "./diff";
import { ipvlan, type LanDriver, macvlan } from "./driver";
import type { MacvlanNetworkInputs, MacvlanNetworkState } from "./inputs";
import { read } from "./read";

/** The two drivers make the same kind of network: the plan, the checks and the verbs are one. */
function lifecycleWith(driver: LanDriver): Lifecycle<MacvlanNetworkInputs, MacvlanNetworkState> {
  return {
    check: (olds, news, run) => check(driver, olds, news, run),
    diff,
    idOf: ({ name }) => name,
    create: (inputs, task) => bringAbout(driver, inputs, task),
    read: (state, task) => read(state, task),
    update: (olds, news, task) => bringAbout(driver, news, task, olds),
    delete: remove,
  };
}

export const macvlanNetwork = lifecycleWith(macvlan);
export const ipvlanNetwork = lifecycleWith(ipvlan);
