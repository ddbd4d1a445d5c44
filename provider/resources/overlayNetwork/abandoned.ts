import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { type Abandoned, abandonedEndpoints, otherEngines, takeOff, whyNotDead } from "../../proof/abandoned";
import { waitFor } from "../../wait";
import { skipsUnreachable } from "../shared/reachable";
import type { OverlayNetworkState } from "./inputs";
import type { View, Views } from "./views";

/** How long an endpoint must have been nobody's; an engine may take that long to start a container, or to clean up after one. */
const PATIENCE = 10_000;

/**
 * Takes away the endpoints that no host runs: the engine that made them, as the store says, was asked, or the user says
 * that what was not asked is gone for good. Otherwise they block, by name. An engine may still be cleaning up after a container that
 * has just gone, so what is found is looked at again first.
 */
export async function takeOffAbandoned(
  state: OverlayNetworkState,
  { seen, skipped }: Views,
  task: Task,
): Promise<void> {
  const [first] = seen;
  if (!first || (await abandonedEndpoints(seen)).length === 0) return;
  const where = await whereTheyMayBe(state, { seen, skipped });
  const abandoned = await stillAbandoned(seen, task);
  const letsGo = where === undefined && skipsUnreachable(state);
  const alive = letsGo ? [] : abandoned.filter(({ deadOn }) => deadOn === undefined);
  if (alive.length > 0) {
    const names = alive.map((one) => (where === undefined ? `${one.name} (${whyNotDead(one)})` : one.name)).join(", ");
    throw new CrosshostError(
      `host ${first.host}: the network "${first.network.Name}" cannot be removed: still on it: ${names}${where === undefined ? "" : ` (${where})`}`,
      { code: "in-use", hint: "remove them first; of hosts that are gone for good, skipUnreachableHosts lets go" },
    );
  }
  for (const one of abandoned) {
    task.run.progress(
      first.host,
      `taking ${one.name} off the network "${state.name}", which none of the reached hosts runs`,
    );
    if (await takeOff(one)) continue;
    throw new CrosshostError(
      `host ${first.host}: the network "${first.network.Name}" cannot be removed: its engine keeps the endpoint of ${one.name}, a container that is gone`,
      { code: "in-use", hint: `restart docker on ${one.deadOn ?? first.host}` },
    );
  }
}

/** Where containers may be that were not found: on hosts that were not asked. Undefined when there are none. */
async function whereTheyMayBe(state: OverlayNetworkState, { seen, skipped }: Views): Promise<string | undefined> {
  if (skipped.length > 0) return skipsUnreachable(state) ? undefined : `not reached: ${skipped.join(", ")}`;
  const others = await otherEngines(seen);
  return others.length === 0 ? undefined : `on one of the engines outside of \`connections\`: ${others.join(", ")}`;
}

/** What is still abandoned after a while; endpoints that go in the meantime were being cleaned up. */
async function stillAbandoned(seen: readonly View[], { deadline }: Task): Promise<Abandoned[]> {
  const { clock } = deadline;
  const end = clock.now() + Math.min(PATIENCE, deadline.remaining());
  return await waitFor<Abandoned[]>(
    async () => {
      const views = await Promise.all(
        seen.map(async (view) => ({ ...view, network: await view.docker.networks.inspect(view.network.Id) })),
      );
      const abandoned = await abandonedEndpoints(views);
      if (abandoned.length === 0 || clock.now() >= end) return { done: abandoned };
      return { seen: abandoned.map(({ name }) => name).join(", ") };
    },
    { what: "endpoints to be cleaned up", deadline },
  );
}
