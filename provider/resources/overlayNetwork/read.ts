import type { Task } from "../../lifecycle";
import type { OverlayNetworkState } from "./inputs";
import { inputsOf } from "./spec";
import { viewsOf } from "./views";

/** Gone when every host was asked and none sees it; a host that alone does not see it is missing from `hosts`. */
export async function read(state: OverlayNetworkState, task: Task): Promise<OverlayNetworkState | undefined> {
  const { seen, skipped } = await viewsOf(state, task, `what is recorded of "${state.name}" is kept`);
  if (seen.length === 0 && skipped.length === 0) return undefined;
  const hosts = state.hosts.filter((host) => skipped.includes(host) || seen.some((view) => view.host === host));
  const [first] = seen;
  if (!first) return { ...state, hosts };
  const { Id, Scope } = first.network;
  return { ...state, ...inputsOf(state, first.network), hosts, networkId: Id, scope: Scope };
}
