import type { Lifecycle } from "../../lifecycle";
import { hasUnknown } from "../../unknown";
import { recordedOnceBegun } from "../shared/begun";
import { bringAbout } from "./bringAbout";
import { check } from "./check";
import { remove } from "./delete";
import { diff } from "./diff";
import { halfChanged } from "./halfChanged";
import type { KVStoreInputs, KVStoreState } from "./inputs";
import { upToDate } from "./old";
import { read } from "./read";
import { findsData } from "./volumes";

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
  create: async (inputs, task) =>
    recordedOnceBegun(task, { ...inputs, onFoundData: await findsData(inputs, task) }, (begun) =>
      bringAbout(inputs, begun),
    ),
  read: (state, task) => read(upToDate(state), task),
  update: (state, news, task) => {
    const olds = upToDate(state);
    return recordedOnceBegun(task, halfChanged(olds, news), (begun) => bringAbout(news, begun, olds));
  },
  delete: (state, task) => remove(upToDate(state), task),
};
