import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { openStoreOfEngine } from "../../engine/engineStore";
import { CrosshostError } from "../../errors";
import type { Host } from "../../ssh/host";
import type { Clock } from "../../wait";

/** Milliseconds in which an address that was given to an endpoint shows in the store. */
const PAUSE = 1_000;
/** How often it is looked for what was left: an engine that cannot ask its store at the moment does not show it. */
const LOOKS = 4;

/** A start that failed half way has left an endpoint in the store, and the next one trips over it. */
export class LeftEndpoint extends CrosshostError {
  constructor(
    { message }: Error,
    readonly network: string,
    readonly endpoint: string,
  ) {
    super(message, {
      code: "conflict",
      hint: `an earlier start has left this endpoint; docker network disconnect -f ${network} ${endpoint}, on another host of the network, takes it away`,
    });
  }
}

/** What was left, and whether another endpoint has its address by now. */
interface Left {
  networkId: string;
  id: string;
  isTaken: boolean;
}

/**
 * Takes away what a start has left, with the container, which has never run: to make it anew is all that helps. The start
 * has given the endpoint's address back, or not; when the engine takes the endpoint away, it does so once more. Where another
 * container has the address by now, that would be its own: then only the endpoint's key is taken out of the store, which the
 * network's count of endpoints lacks, too. What does not show is left for the next start to meet. Source: libnetwork 20.10
 * `network.go`, `createEndpoint`.
 */
export async function clearLeftEndpoint(
  docker: DockerApi,
  host: Host,
  { network, endpoint }: LeftEndpoint,
  clock: Clock,
): Promise<void> {
  await docker.containers.remove(endpoint, { force: true });
  let seen = 0;
  for (let looks = 1; ; looks++) {
    const left = await look(docker, network, endpoint);
    if (left?.isTaken) return await forget(docker, host, left);
    if (left) seen++;
    // Whoever got the address just before the first look shows in the second.
    if (seen === 2) break;
    if (looks === LOOKS) return;
    await clock.sleep(PAUSE);
  }
  await unlessNotFound(docker.networks.disconnect(network, endpoint, { force: true, known: true }));
}

async function look(docker: DockerApi, name: string, endpoint: string): Promise<Left | undefined> {
  const network = await unlessNotFound(docker.networks.inspect(name));
  const endpoints = Object.values(network?.Containers ?? {});
  const own = endpoints.find(({ Name }) => Name === endpoint);
  if (!network || !own) return undefined;
  const isTaken = endpoints.some((one) => one !== own && one.IPv4Address === own.IPv4Address);
  return { networkId: network.Id, id: own.EndpointID, isTaken };
}

async function forget(docker: DockerApi, host: Host, { networkId, id }: Left): Promise<void> {
  const { ClusterStore } = await docker.engine.info();
  if (!ClusterStore) throw new Error("two endpoints of one address, and no store that could have them");
  await (await openStoreOfEngine(ClusterStore, host)).forgetEndpoint(networkId, id);
}
