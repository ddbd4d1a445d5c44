import type { DockerApi } from "../../docker/api";
import { BootRepair } from "../../engine/bootRepair";
import { DEFAULT_DAEMON_JSON, readDaemonJson } from "../../engine/daemonJson";
import { DaemonJsonPlace } from "../../engine/daemonJsonPlace";
import { readDockerService } from "../../engine/dockerService";
import { DropInPlace } from "../../engine/dropInPlace";
import { hasJoinedGossip } from "../../engine/gossip";
import type { SettingsPlace } from "../../engine/place";
import { hasStoreTls } from "../../engine/storeTlsFiles";
import { isCode } from "../../errors";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { reachOrSkip } from "../shared/reachable";
import type { ClusterMemberInputs, ClusterMemberState } from "./inputs";
import { storeOf } from "./memberStore";
import { hasUnusableOverlays } from "./overlays";

/** What the host says now. A host is never "gone": one without our settings is a host that has drifted. */
export async function read(state: ClusterMemberState, task: Task): Promise<ClusterMemberState> {
  const reached = await reachOrSkip(state.connection, state, task, "what is recorded of its membership is kept");
  if (!reached) return state;
  const { host, docker } = reached;
  const [configuration, membership, isBroken, isProvidedFor, hasCertificates] = await Promise.all([
    readConfiguration(state, host),
    readMembership(state, host, docker),
    hasUnusableOverlays(docker),
    isProvidedForBoot(state, host),
    state.tls === undefined || hasStoreTls(host, state.tls),
  ]);
  return {
    ...state,
    ...configuration,
    ...membership,
    overlaysUsable: !isBroken,
    ...(state.bootRepair ? { bootRepair: isProvidedFor } : {}),
    configured: configuration.configured && hasCertificates && (isProvidedFor || state.bootRepair),
  };
}

/** The settings for the engine's next start, as they are where they have to be. */
async function readConfiguration(
  state: ClusterMemberState,
  host: Host,
): Promise<Pick<ClusterMemberInputs, "clusterStore" | "clusterAdvertise" | "clusterStoreOpts" | "configured">> {
  const place = await (state.via === "daemonJson" ? daemonJsonOf(host) : dropInOf(host));
  const {
    clusterStore = "",
    clusterAdvertise = "",
    clusterStoreOpts = {},
  } = place.owner === state.owner ? place.settings : {};
  return { clusterStore, clusterAdvertise, clusterStoreOpts, configured: place.has(state.owner, state) };
}

async function dropInOf(host: Host): Promise<SettingsPlace> {
  return new DropInPlace(host, await readDockerService(host));
}

/** The file is nearly always the default one, so it is read before the command line is known. */
async function daemonJsonOf(host: Host): Promise<SettingsPlace> {
  const [{ configFile }, usual] = await Promise.all([
    readDockerService(host),
    readDaemonJson(host, DEFAULT_DAEMON_JSON),
  ]);
  return new DaemonJsonPlace(host, configFile === DEFAULT_DAEMON_JSON ? usual : await readDaemonJson(host, configFile));
}

/** What the engine runs with, and whether its peers know of it. */
async function readMembership(
  state: ClusterMemberState,
  host: Host,
  docker: DockerApi,
): Promise<Pick<ClusterMemberState, "joined" | "engineVersion" | "hostName">> {
  const [engine, isRegistered, hasGossip] = await Promise.all([
    docker.engine.info(),
    isRegisteredIn(state, host),
    hasJoinedGossip(host, advertisedIp(state)),
  ]);
  const isConfigured =
    engine.ClusterStore === state.clusterStore && engine.ClusterAdvertise === state.advertisedAddress;
  return {
    joined: isConfigured && isRegistered && hasGossip,
    engineVersion: engine.ServerVersion,
    hostName: engine.Name,
  };
}

/** Whether the host has what it needs at a boot: see `provideForBoot`. */
async function isProvidedForBoot(state: ClusterMemberState, host: Host): Promise<boolean> {
  if (!state.bootRepair && !state.carriesStore) return true;
  const bootRepair = new BootRepair(host, state.owner);
  const isThere = await bootRepair.isThere({ advertisedIp: advertisedIp(state), mayRestart: state.bootRepair });
  return isThere || (!state.bootRepair && !(await bootRepair.isPossible()));
}

/** Empty after a create that failed before it was known. */
function advertisedIp({ advertisedAddress = "" }: Partial<ClusterMemberState>): string {
  return advertisedAddress.split(":")[0]!;
}

/** Whether the store has the engine among its nodes; a store that is away says nothing against it. */
async function isRegisteredIn(state: ClusterMemberState, host: Host): Promise<boolean> {
  if (state.clusterStore === "") return false;
  try {
    const nodes = await (await storeOf(state, host)).nodes();
    return nodes.includes(state.advertisedAddress);
  } catch (error) {
    if (isCode(error, "not-ready", "unsupported")) return true;
    throw error;
  }
}
