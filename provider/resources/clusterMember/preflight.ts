import type { DockerApi } from "../../docker/api";
import type { EngineInfo } from "../../docker/types";
import { addressOf, hostAddresses, type InterfaceAddress } from "../../engine/addresses";
import type { ClusterSettings } from "../../engine/clusterSettings";
import { type DaemonJson, readDaemonJson } from "../../engine/daemonJson";
import { DaemonJsonPlace } from "../../engine/daemonJsonPlace";
import { type DockerService, programOf, readDockerService } from "../../engine/dockerService";
import { DROP_IN } from "../../engine/dropIn";
import { DropInPlace } from "../../engine/dropInPlace";
import { settleLeftovers } from "../../engine/leftovers";
import type { SettingsPlace } from "../../engine/place";
import { requireClusterStore, requireNotZooKeeper, requireStoreBackend } from "../../engine/version";
import { CrosshostError } from "../../errors";
import { parseStoreUrl } from "../../kv/url";
import type { Task } from "../../lifecycle";
import { isIpv4 } from "../../net/ip";
import type { Host } from "../../ssh/host";
import { requireLast, requireNoOtherSettings, requireNoSwarm, requireOurs, requireTlsFiles } from "./conflicts";
import type { ClusterMemberInputs, ClusterMemberState } from "./inputs";

/** What is known of a host before anything is changed on it. */
export interface Preflight {
  engine: EngineInfo;
  daemonJson: DaemonJson;
  dropInPlace: DropInPlace;
  /** Where the settings are to be. */
  place: SettingsPlace;
  /** Where they are not to be, but may be still. */
  otherPlace: SettingsPlace;
  /** Whether the same settings are there by somebody else's hand, and may be taken over. */
  isAdopted: boolean;
  /** `<ip>:<port>`, as the engine will resolve it. */
  advertisedAddress: string;
  advertisedIp: string;
  /** Whether one of the host's own addresses is the store's: its engine's restart takes the store down. */
  carriesStore: boolean;
}

/** Looks at the host and refuses what cannot work, with nothing touched yet but what an interrupted run left. */
export async function preflight(
  inputs: ClusterMemberInputs,
  host: Host,
  docker: DockerApi,
  { run }: Task,
  olds: Partial<ClusterMemberState> | undefined,
): Promise<Preflight> {
  await host.requireRoot("change docker.service");
  const { service, daemonJson } = await settledSettings(host, (line) => run.progress(host.address, line));
  const [engine, addresses] = await Promise.all([docker.engine.info(), hostAddresses(host)]);
  requireClusterStore(host.address, engine.ServerVersion);
  requireNoSwarm(host, engine);
  requireOurs(host, service.dropIn?.owner ?? daemonJson.record?.owner, inputs.owner);
  if (inputs.via === "service") requireLast(host, service);
  const isAdopted = requireNoOtherSettings(host, inputs, service, daemonJson);
  const advertisedIp = advertisedIpOf(inputs, host, addresses);
  if (!inputs.tls) await requireTlsFiles(host, inputs.clusterStoreOpts);
  const { kind } = parseStoreUrl(inputs.clusterStore)!;
  requireNotZooKeeper(host.address, kind, engine.ServerVersion);
  if (engine.ClusterStore !== inputs.clusterStore) {
    await requireStoreBackend(host, programOf(service), kind, engine.ServerVersion);
  }
  const dropInPlace = new DropInPlace(host, service, olds?.ownsDropInFolder);
  const daemonJsonPlace = new DaemonJsonPlace(host, daemonJson);
  const isInService = inputs.via === "service";
  return {
    engine,
    daemonJson,
    dropInPlace,
    place: isInService ? dropInPlace : daemonJsonPlace,
    otherPlace: isInService ? daemonJsonPlace : dropInPlace,
    isAdopted,
    advertisedIp,
    advertisedAddress: `${advertisedIp}:${inputs.clusterAdvertise.split(":")[1]}`,
    carriesStore: addresses.some(({ address }) => storeHosts(inputs.clusterStore).includes(address)),
  };
}

/** The engine's settings, with no change of ours under way or half done. */
export async function settledSettings(
  host: Host,
  say: (line: string) => void,
): Promise<{ service: DockerService; daemonJson: DaemonJson }> {
  const seen = await readDockerService(host);
  const hasChanged = await settleLeftovers(host, [DROP_IN, seen.configFile], say);
  const service = hasChanged ? await readDockerService(host) : seen;
  return { service, daemonJson: await readDaemonJson(host, service.configFile) };
}

function advertisedIpOf(
  { clusterAdvertise }: ClusterSettings,
  host: Host,
  addresses: readonly InterfaceAddress[],
): string {
  const name = clusterAdvertise.split(":")[0]!;
  if (!isIpv4(name)) return addressOf(host, addresses, name, "`clusterAdvertise`");
  if (addresses.some(({ address }) => address === name)) return name;
  throw new CrosshostError(`host ${host.address}: \`clusterAdvertise\` is ${name}, which is not its address`, {
    code: "unsupported",
    hint: `its addresses: ${addresses.map(({ address }) => address).join(", ")}`,
  });
}

function storeHosts(url: string): string[] {
  return parseStoreUrl(url)!.endpoints.map(({ host }) => host);
}
