import { isCode } from "../../errors";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { forgetDetached } from "../shared/detached";
import { removeNetwork, requireNoForeignEndpoints } from "../shared/removeNetwork";
import { takeOffAbandoned } from "./abandoned";
import { correctEndpointCount } from "./endpointCount";
import type { OverlayNetworkState } from "./inputs";
import { type Views, viewsOf } from "./views";

/** Removes the network once, after this stack's containers on every host have left it. */
export async function remove(state: OverlayNetworkState, task: Task): Promise<void> {
  const views = await viewsOf(state, task, `what it has of the network "${state.name}" stays there`);
  await requireNoForeignEndpoints(views.seen, state.owner);
  await takeOffAbandoned(state, views, task);
  await removeDespiteCount(state, views, task);
  await settleAll(views.seen.map(({ docker }) => forgetDetached(docker, state.owner, state.name)));
}

async function removeDespiteCount({ owner }: OverlayNetworkState, { seen }: Views, task: Task): Promise<void> {
  const { clock } = task.deadline;
  try {
    await removeNetwork(seen, owner, { clock });
  } catch (error) {
    if (!isCode(error, "not-ready") || !(await correctEndpointCount(seen[0]!, task))) throw error;
    await removeNetwork(seen, owner, { clock });
  }
}
