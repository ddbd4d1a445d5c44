import type { Task } from "../../lifecycle";
import { removeNetwork } from "../shared/network";
import { isOwnedBy } from "../shared/owned";
import type { OverlayNetworkState } from "./inputs";
import { viewsOf } from "./views";

/** Removes the network once, after this stack's containers on every host have left it. */
export async function remove(state: OverlayNetworkState, task: Task): Promise<void> {
  const views = await viewsOf(state, task);
  await removeNetwork(
    views.filter(({ network }) => isOwnedBy(state.owner, network.Labels)),
    state.owner,
  );
}
