import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { openStoreOfEngine } from "../../engine/engineStore";
import { CrosshostError } from "../../errors";
import type { Host } from "../../ssh/host";
import type { Clock } from "../../wait";

/** Milliseconds in which an address that was given to an endpoint shows in the store. */
const PAUSE = 1_000;

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

/**
 * Takes away what a start has left, with the container, which has never run: to make it anew is all that helps. The start
 * has given the endpoint's address back, or not; when the engine takes the endpoint away, it does so once more. Where another
 * container has the address by now, that would be its own: then only the endpoint's key is taken out of the store, which the
 * network's count of endpoints lacks, too. Source: libnetwork 20.10 `network.go`, `createEndpoint`.
 */
export async function clearLeftEndpoint(
  docker: DockerApi,
  host: Host,
  { network, endpoint }: LeftEndpoint,
  clock: Clock,
): Promise<void> {
  await docker.containers.remove(endpoint, { force: true });
  const seen =
    (await seeTaken(docker, network, endpoint)) ??
    (await clock.sleep(PAUSE).then(() => seeTaken(docker, network, endpoint)));
  if (!seen) {
    await unlessNotFound(docker.networks.disconnect(network, endpoint, { force: true, known: true }));
    return;
  }
  const { ClusterStore } = await docker.engine.info();
  if (!ClusterStore) throw new Error("an engine has an overlay and no store");
  await (await openStoreOfEngine(ClusterStore, host)).forgetEndpoint(seen.network, seen.endpoint);
}

/** The ids of a network and of an endpoint on it whose address another one has; undefined where no other has it. */
async function seeTaken(docker: DockerApi, name: string, left: string) {
  const network = await unlessNotFound(docker.networks.inspect(name));
  const endpoints = Object.values(network?.Containers ?? {});
  const own = endpoints.find(({ Name }) => Name === left);
  const isTaken = endpoints.some((one) => one !== own && one.IPv4Address === own?.IPv4Address);
  return network && own && isTaken ? { network: network.Id, endpoint: own.EndpointID } : undefined;
}
