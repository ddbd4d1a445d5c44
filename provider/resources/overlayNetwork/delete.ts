import type { Task } from "../../lifecycle";
import { removeNetwork } from "../shared/network";
import { abandonedEndpoints } from "./abandoned";
import type { OverlayNetworkState } from "./inputs";
import { viewsOf } from "./views";

/** Removes the network once, after this stack's containers on every host have left it. */
export async function remove(state: OverlayNetworkState, task: Task): Promise<void> {
  const { seen, skipped } = await viewsOf(state, task, `what it has of the network "${state.name}" stays there`);
  const [first] = seen;
  if (first && skipped.length > 0) {
    for (const name of abandonedEndpoints(seen)) {
      task.run.progress(
        first.host,
        `taking ${name} off the network "${state.name}", which none of the reached hosts runs`,
      );
      await first.docker.networks.disconnect(first.network.Id, name, { force: true });
    }
  }
  await removeNetwork(seen, state.owner);
}
