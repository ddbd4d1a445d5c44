import type { DockerApi } from "../docker/api";
import { unlessNotFound } from "../docker/errors";
import type { EndpointConfig } from "../docker/types";

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
    return container && endpoint ? [{ id: container.Id, config: configOf(endpoint, container.Id) }] : [];
  });
  await Promise.all(endpoints.map(({ id }) => docker.networks.disconnect(networkId, id)));
  // Even where one cannot be connected again the others are.
  const connected = await Promise.allSettled(
    endpoints.map(({ id, config }) => docker.networks.connect(networkId, id, config)),
  );
  for (const result of connected) if (result.status === "rejected") throw result.reason;
}

function configOf(
  { Aliases, IPAddress, Links, DriverOpts, IPAMConfig }: EndpointConfig & { IPAddress: string },
  id: string,
): EndpointConfig {
  return {
    // Engines before 25 add the container's short id by themselves.
    Aliases: (Aliases ?? []).filter((alias) => alias !== id.slice(0, 12)),
    ...(Links ? { Links } : {}),
    ...(DriverOpts ? { DriverOpts } : {}),
    IPAMConfig: { ...IPAMConfig, IPv4Address: IPAddress },
  };
}
