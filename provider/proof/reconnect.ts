import type { DockerApi } from "../docker/api";
import { unlessNotFound } from "../docker/errors";
import { sameEndpoint } from "../docker/sameEndpoint";
import { connectShown } from "../docker/unshownEndpoints";

/**
 * Takes containers off a network, all of them, and connects them again at the same addresses, with the same aliases. When
 * the last one leaves, the engine takes its namespace of the network down, and makes a new one when the first is back.
 */
export async function reconnectAll(docker: DockerApi, networkId: string, containers: readonly string[]): Promise<void> {
  const found = await Promise.all(containers.map((container) => unlessNotFound(docker.containers.inspect(container))));
  const endpoints = found.flatMap((container) => {
    const endpoint = Object.values(container?.NetworkSettings.Networks ?? {}).find(
      (one) => one.NetworkID === networkId,
    );
    return container && endpoint ? [{ id: container.Id, config: sameEndpoint(endpoint, container.Id) }] : [];
  });
  const left = await Promise.allSettled(
    endpoints.map(({ id }) => docker.networks.disconnect(networkId, id, { known: true })),
  );
  // Whoever left comes back, whatever became of the others.
  const off = endpoints.filter((_, i) => left[i]!.status === "fulfilled");
  const connected = await Promise.allSettled(off.map(({ id, config }) => connectShown(docker, networkId, id, config)));
  for (const result of [...left, ...connected]) if (result.status === "rejected") throw result.reason;
}
