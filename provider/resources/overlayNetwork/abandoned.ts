import { CrosshostError, isCode } from "../../errors";
import { openStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import { waitFor } from "../../wait";
import { skipsUnreachable } from "../shared/reachable";
import type { OverlayNetworkState } from "./inputs";
import type { View, Views } from "./views";

/**
 * The names of endpoints that the store has, but none of these hosts: they are of hosts that could not be reached, or of
 * containers that are no more, and would keep the network for ever. Every engine shows the endpoints of others as
 * `ep-<id>`.
 */
export function abandonedEndpoints(views: readonly Pick<View, "network">[]): string[] {
  const local = new Set<string>();
  const remote = new Map<string, string>();
  for (const { network } of views) {
    for (const [id, { EndpointID, Name }] of Object.entries(network.Containers ?? {})) {
      if (id.startsWith("ep-")) remote.set(EndpointID, Name);
      else local.add(EndpointID);
    }
  }
  return [...remote].filter(([endpoint]) => !local.has(endpoint)).map(([, name]) => name);
}

/**
 * Takes away the endpoints that no host runs: every engine of the cluster was asked, or the user says that those that
 * were not are gone for good. Otherwise they block, by name. An engine may still be cleaning up after a container that
 * has just gone, so what is found is looked at again first.
 */
export async function takeOffAbandoned(
  state: OverlayNetworkState,
  { seen, skipped }: Views,
  task: Task,
): Promise<void> {
  const [first] = seen;
  if (!first || abandonedEndpoints(seen).length === 0) return;
  const where = await whereTheyMayBe(state, { seen, skipped });
  const names = await stillAbandoned(seen, task, where === undefined ? 1_000 : 10_000);
  if (names.length === 0) return;
  if (where !== undefined) {
    throw new CrosshostError(
      `host ${first.host}: the network "${first.network.Name}" cannot be removed: still on it: ${names.join(", ")} (${where})`,
      { code: "in-use", hint: "remove them first; of hosts that are gone for good, skipUnreachableHosts lets go" },
    );
  }
  for (const name of names) {
    task.run.progress(
      first.host,
      `taking ${name} off the network "${state.name}", which none of the reached hosts runs`,
    );
    await first.docker.networks.disconnect(first.network.Id, name, { force: true });
  }
}

/** Where containers may be that were not found: on hosts that were not asked. Undefined when there are none. */
async function whereTheyMayBe(state: OverlayNetworkState, { seen, skipped }: Views): Promise<string | undefined> {
  if (skipped.length > 0) return skipsUnreachable(state) ? undefined : `not reached: ${skipped.join(", ")}`;
  const infos = await Promise.all(seen.map(({ docker }) => docker.engine.info()));
  const asked = infos.map(({ ClusterAdvertise }) => ClusterAdvertise);
  try {
    const nodes = await openStore(infos[0]!.ClusterStore ?? "", seen[0]!.reached).nodes();
    const others = nodes.filter((node) => !asked.includes(node));
    return others.length === 0 ? undefined : `on one of the engines outside of \`connections\`: ${others.join(", ")}`;
  } catch (error) {
    if (!isCode(error, "unsupported", "not-ready")) throw error;
    return `which engines there are could not be asked: ${(error as Error).message}`;
  }
}

/** What is still abandoned after a while; endpoints that go in the meantime were being cleaned up. */
async function stillAbandoned(seen: readonly View[], { deadline }: Task, patience: number): Promise<string[]> {
  const { clock } = deadline;
  const end = clock.now() + Math.min(patience, deadline.remaining());
  return await waitFor<string[]>(
    async () => {
      const views = await Promise.all(
        seen.map(async ({ docker, network }) => ({ network: await docker.networks.inspect(network.Id) })),
      );
      const names = abandonedEndpoints(views);
      if (names.length === 0 || clock.now() >= end) return { done: names };
      return { seen: names.join(", ") };
    },
    { what: "endpoints to be cleaned up", deadline },
  );
}
