import type { DockerApi } from "../../docker/api";
import type { EngineInfo } from "../../docker/types";
import { addressOf, hostAddresses } from "../../engine/addresses";
import { type DockerService, readDockerService } from "../../engine/dockerService";
import { clusterKeysOf, restoreSettings } from "../../engine/liveJoin";
import { requireClusterStore, requireStoreBackend } from "../../engine/version";
import { CrosshostError } from "../../errors";
import { parseStoreUrl } from "../../kv/url";
import { parseAddress } from "../../net/ipv4";
import type { Host } from "../../ssh/host";
import type { ClusterMemberInputs } from "./inputs";

/** What is known of a host before anything is changed on it. */
export interface Preflight {
  service: DockerService;
  engine: EngineInfo;
  /** `<ip>:<port>`, as the engine will resolve it. */
  advertisedAddress: string;
  advertisedIp: string;
  /** Whether one of the host's own addresses is the store's: its engine's restart takes the store down. */
  carriesStore: boolean;
}

/** Looks at the host and refuses what cannot work, with nothing touched yet. */
export async function preflight(inputs: ClusterMemberInputs, host: Host, docker: DockerApi): Promise<Preflight> {
  await host.requireRoot("change docker.service");
  const [service, engine, addresses] = await Promise.all([
    readDockerService(host),
    docker.engine.info(),
    hostAddresses(host),
  ]);
  requireClusterStore(host.address, engine.ServerVersion);
  requireNoSwarm(host, engine);
  requireOurs(host, service, inputs.owner);
  requireLast(host, service);
  await requireNoOtherSettings(host, service);

  const [name, port] = inputs.clusterAdvertise.split(":") as [string, string];
  const advertisedIp = parseAddress(name) === undefined ? addressOf(host, addresses, name, "`clusterAdvertise`") : name;
  if (!addresses.some(({ address }) => address === advertisedIp)) {
    throw new CrosshostError(
      `host ${host.address}: \`clusterAdvertise\` is ${advertisedIp}, which is not its address`,
      {
        code: "unsupported",
        hint: `its addresses: ${addresses.map(({ address }) => address).join(", ")}`,
      },
    );
  }
  if (engine.ClusterStore !== inputs.clusterStore) {
    const kind = parseStoreUrl(inputs.clusterStore)!.kind;
    await requireStoreBackend(host, dockerdOf(service.execStart), kind, engine.ServerVersion);
  }
  return {
    service,
    engine,
    advertisedIp,
    advertisedAddress: `${advertisedIp}:${port}`,
    carriesStore: addresses.some(({ address }) =>
      parseStoreUrl(inputs.clusterStore)!.endpoints.some(({ host }) => host === address),
    ),
  };
}

function requireNoSwarm(host: Host, { Swarm }: EngineInfo): void {
  if ((Swarm?.LocalNodeState ?? "inactive") === "inactive") return;
  throw new CrosshostError(`host ${host.address}: its engine is part of a swarm, which excludes a cluster store`, {
    code: "unsupported",
    hint: "`docker swarm leave` first",
  });
}

function requireOurs(host: Host, { dropIn }: DockerService, owner: string): void {
  if (!dropIn || dropIn.owner === owner) return;
  throw new CrosshostError(`host ${host.address}: its engine is a cluster member already, of ${dropIn.owner}`, {
    code: "foreign",
    hint: "an engine can be in one cluster only",
  });
}

function requireLast(host: Host, { overriddenBy }: DockerService): void {
  if (overriddenBy === undefined) return;
  throw new CrosshostError(
    `host ${host.address}: ${overriddenBy} sets the engine's command line, and systemd reads it after ours`,
    { code: "conflict", hint: "give it a name that comes before zz-crosshost.conf" },
  );
}

/** The engine's program: the first word, behind what systemd reads itself. */
function dockerdOf(execStart: string): string {
  return execStart.split(/\s+/)[0]!.replace(/^[-@:+!]+/, "");
}

async function requireNoOtherSettings(host: Host, { foreignFlags, configFile }: DockerService): Promise<void> {
  const { clusterStore, clusterAdvertise } = foreignFlags;
  const flags = [
    ...(clusterStore ? [`--cluster-store=${clusterStore}`] : []),
    ...(clusterAdvertise ? [`--cluster-advertise=${clusterAdvertise}`] : []),
  ];
  if (flags.length > 0) {
    throw new CrosshostError(`host ${host.address}: docker.service has cluster flags already: ${flags.join(" ")}`, {
      code: "conflict",
      hint: "take them out of the unit first",
    });
  }
  // What is there may be what an interrupted run of ours lent.
  await restoreSettings(host, configFile);
  const keys = await clusterKeysOf(host, configFile);
  if (keys.length === 0) return;
  throw new CrosshostError(
    `host ${host.address}: ${configFile} has ${keys.join(", ")} already, and the engine refuses to start with the same setting twice`,
    { code: "conflict", hint: "take them out of that file first" },
  );
}
