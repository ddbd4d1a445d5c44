import type { Task } from "../../lifecycle";
import { removeNetwork } from "../shared/network";
import type { OverlayNetworkState } from "./inputs";
import { viewsOf } from "./views";

/** Removes the network once, after this stack's containers on every host have left it. */
export async function remove(state: OverlayNetworkState, task: Task): Promise<void> {
  await removeNetwork(await viewsOf(state, task), state.owner);
}
