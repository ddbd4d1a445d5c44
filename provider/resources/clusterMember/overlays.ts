import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { LOST_SANDBOX } from "../../engine/bootRepair";
import { CrosshostError } from "../../errors";
import type { Host } from "../../ssh/host";

/**
 * Whether a power loss has left the engine unable to bring containers on an overlay up: it says so of those it has tried
 * since. One more restart cures it.
 */
export async function hasUnusableOverlays(docker: DockerApi): Promise<boolean> {
  return (await brokenContainers(docker)).length > 0;
}

/** The containers the engine could not bring up for that reason. */
export async function brokenContainers(docker: DockerApi): Promise<string[]> {
  const stopped = (await docker.containers.list({ all: true })).filter(({ State }) =>
    ["created", "exited"].includes(State),
  );
  const containers = await Promise.all(stopped.map(({ Id }) => unlessNotFound(docker.containers.inspect(Id))));
  return containers.filter((container) => container?.State.Error.includes(LOST_SANDBOX)).map((broken) => broken!.Id);
}

/** Refuses to take an engine out of its cluster while containers of its host are on overlays, which would lose them. */
export async function requireNoOverlayEndpoints(host: Host, docker: DockerApi): Promise<void> {
  const [containers, overlays] = await Promise.all([
    docker.containers.list({ all: false }),
    docker.networks.list({ driver: "overlay" }),
  ]);
  const names = new Map(overlays.map(({ Id, Name }) => [Id, Name]));
  const endpoints = containers.flatMap(({ Names, NetworkSettings }) =>
    Object.values(NetworkSettings.Networks)
      .filter(({ NetworkID }) => names.has(NetworkID))
      .map(({ NetworkID }) => `${Names[0]?.slice(1)} (on ${names.get(NetworkID)})`),
  );
  if (endpoints.length === 0) return;
  throw new CrosshostError(
    `host ${host.address}: its engine cannot leave the cluster while containers of it are on overlays: ${endpoints.join(", ")}`,
    { code: "in-use", hint: "disconnect or remove them first" },
  );
}
