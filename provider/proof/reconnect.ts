import type { DockerApi } from "../docker/api";
import { unlessNotFound } from "../docker/errors";
import { sameEndpoint } from "../docker/sameEndpoint";
import type { RunContext } from "../run/context";
import { warnNotBack } from "./notBack";
import { connectShown } from "./showEndpoints";
import type { Endpoint } from "./survey";

/**
 * Takes containers off a network, all of them, and connects them again at the same addresses, with the same aliases. When
 * the last one leaves, the engine takes its namespace of the network down, and makes a new one when the first is back. For
 * who has them alone.
 */
export async function reconnectAll(
  run: RunContext,
  docker: DockerApi,
  network: { id: string; name: string },
  endpoints: readonly Pick<Endpoint, "host" | "container" | "name">[],
): Promise<void> {
  const found = await Promise.all(endpoints.map((one) => unlessNotFound(docker.containers.inspect(one.container))));
  const leaving = found.flatMap((container, i) => {
    const shown = Object.values(container?.NetworkSettings.Networks ?? {}).find(
      ({ NetworkID }) => NetworkID === network.id,
    );
    return container && shown ? [{ who: endpoints[i]!, config: sameEndpoint(shown, container.Id) }] : [];
  });
  const left = await Promise.allSettled(
    leaving.map(({ who }) => docker.networks.disconnect(network.id, who.container, { known: true })),
  );
  // Whoever left comes back, whatever became of the others.
  const off = leaving.filter((_, i) => left[i]!.status === "fulfilled");
  const back = await Promise.allSettled(
    off.map(({ who, config }) => connectShown(docker, network, who.container, config)),
  );
  off.forEach(({ who }, i) => {
    if (back[i]!.status === "rejected") warnNotBack(run, who, network.name);
  });
  for (const result of [...left, ...back]) if (result.status === "rejected") throw result.reason;
}
