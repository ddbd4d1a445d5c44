import type { Clock } from "../wait";
import { asking } from "./hostLost";
import { inspectKnown } from "./known";
import type { Mesh } from "./mesh";
import type { Endpoint } from "./survey";
import type { Way } from "./ways";

/** Milliseconds between two looks for an endpoint: one that is just being made anew is not in the store for a moment. */
const PAUSE = 2_000;

/** Which engine does not find the endpoint at a way's other end in its store; undefined where both do. */
export async function missingInStore(mesh: Mesh, { from, by, to }: Way, clock: Clock): Promise<string | undefined> {
  const ends: [string, Endpoint][] = [
    [from, to],
    [to.host, by],
  ];
  for (const [id, endpoint] of ends) {
    if (await isFound(mesh, id, endpoint, clock)) continue;
    await clock.sleep(PAUSE);
    if (await isFound(mesh, id, endpoint, clock)) continue;
    const { docker } = mesh.roster.member(id);
    const { ClusterStore } = await asking(id, () => docker.engine.info());
    return `store: the engine of ${id} does not find the endpoint of ${endpoint.name} in ${ClusterStore || "its store"}`;
  }
  return undefined;
}

async function isFound(mesh: Mesh, id: string, endpoint: Endpoint, clock: Clock): Promise<boolean> {
  const { docker } = mesh.roster.member(id);
  const network = await asking(id, () => inspectKnown(docker, mesh.network.id, clock));
  return Object.values(network?.Containers ?? {}).some(({ EndpointID }) => EndpointID === endpoint.id);
}
