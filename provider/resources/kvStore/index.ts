import type { Lifecycle } from "../../lifecycle";
import { hasUnknown } from "../../unknown";
import { bringAbout } from "./bringAbout";
import { check } from "./check";
import { remove } from "./delete";
import { diff } from "./diff";
import type { KVStoreInputs, KVStoreState } from "./inputs";
import { upToDate } from "./old";
import { read } from "./read";

export const kvStore: Lifecycle<KVStoreInputs, KVStoreState> = {
  check: (olds, news, run) => {
    const result = check(olds, news);
    const { servers, url } = result.inputs;
    // Engines may be given any of the servers; it is one store.
    if (!hasUnknown(servers)) run.isOneStore([url, ...servers.map((server) => server.url)]);
    return result;
  },
  diff: (olds, news) => diff(upToDate(olds), news),
  idOf: ({ name }) => name,
  create: (inputs, task) => bringAbout(inputs, task),
  read: (state, task) => read(upToDate(state), task),
  update: (olds, news, task) => bringAbout(news, task, upToDate(olds)),
  delete: (state, task) => remove(upToDate(state), task),
};
