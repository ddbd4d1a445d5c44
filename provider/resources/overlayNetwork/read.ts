import type { Task } from "../../lifecycle";
import type { OverlayNetworkState } from "./inputs";
import { viewsOf } from "./views";

/** Gone when no host sees it; a host that alone does not see it is missing from `hosts`. */
export async function read(state: OverlayNetworkState, task: Task): Promise<OverlayNetworkState | undefined> {
  const views = await viewsOf(state, task);
  const [first] = views;
  if (!first) return undefined;
  const { Id, Scope } = first.network;
  return { ...state, hosts: views.map(({ host }) => host), networkId: Id, scope: Scope };
}
