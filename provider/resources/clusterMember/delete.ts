import type { DockerApi } from "../../docker/api";
import type { EngineInfo } from "../../docker/types";
import { BootRepair } from "../../engine/bootRepair";
import { isEmpty } from "../../engine/clusterSettings";
import { DEFAULT_DAEMON_JSON, readDaemonJson } from "../../engine/daemonJson";
import { DaemonJsonPlace } from "../../engine/daemonJsonPlace";
import { type DockerService, readDockerService, readDropInFile } from "../../engine/dockerService";
import { DROP_IN } from "../../engine/dropIn";
import { DropInPlace, restartEngine } from "../../engine/dropInPlace";
import { settleLeftovers } from "../../engine/leftovers";
import type { SettingsPlace } from "../../engine/place";
import { removeStoreTls } from "../../engine/storeTlsFiles";
import { reloadIfRunning } from "../../engine/systemd";
import { isCode } from "../../errors";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { reachOrSkip } from "../shared/reachable";
import { runningAgainAfter } from "../shared/startAgain";
import type { ClusterMemberState } from "./inputs";
import { storeOf } from "./memberStore";
import { requireNoOverlayEndpoints } from "./overlays";

/**
 * Takes the host out of the cluster: the settings go, and what was there before us is there again. With `apply: "live"`
 * nothing is restarted: a reload ends the engine's registration, and until its next start it still has the store in mind.
 */
export async function remove(state: ClusterMemberState, task: Task): Promise<void> {
  const consequence = "its docker.service keeps the cluster flags";
  const reached = await reachOrSkip(state.connection, state, task, consequence);
  if (!reached) return;
  const { host, docker } = reached;
  const say = (line: string) => task.run.progress(host.address, line);
  const { configFile, foreignSettings } = await serviceOn(host);
  await settleLeftovers(host, [DROP_IN, configFile], say);
  const { dropInPlace, daemonJsonPlace } = await placesOf(host, configFile, state);
  const places = [dropInPlace, daemonJsonPlace].filter((place) => place.owner === state.owner);
  const isTheirs = [dropInPlace, daemonJsonPlace].some(({ owner }) => owner !== undefined && owner !== state.owner);
  const engine = await engineOf(docker);
  // Somebody may have taken the settings away, or an interrupted destroy: the engine is a member all the same.
  const isMember = engine !== undefined && engine.ClusterStore === state.clusterStore;
  const wasThere = !isEmpty(foreignSettings) || places.some(({ isAdopted }) => isAdopted);
  if (wasThere) {
    for (const place of places) await place.remove();
    say(`is a member of ${state.clusterStore} still, by the settings that were there before`);
  } else if (places.length > 0 || (isMember && !isTheirs)) {
    if (engine) await requireNoOverlayEndpoints(host, docker);
    await leave(places, state, task, host, engine && docker);
  }
  // What somebody took our drop-in out of.
  if (dropInPlace.owner === undefined) await dropInPlace.remove();
  if (!isTheirs) await removeStoreTls(host);
  await new BootRepair(host, state.owner).remove();
  task.run.members.left(state.host);
}

/** The engine's command line, as far as it counts here; a Docker that was removed has none. */
async function serviceOn(host: Host): Promise<Pick<DockerService, "configFile" | "foreignSettings">> {
  try {
    return await readDockerService(host);
  } catch (error) {
    if (!isCode(error, "docker-not-there", "unsupported")) throw error;
    return { configFile: DEFAULT_DAEMON_JSON, foreignSettings: {} };
  }
}

async function placesOf(host: Host, configFile: string, { ownsDropInFolder }: ClusterMemberState) {
  const [dropIn, daemonJson] = await Promise.all([readDropInFile(host), readDaemonJson(host, configFile)]);
  const service = { execStart: "", overriddenBy: undefined, dropIn };
  return {
    dropInPlace: new DropInPlace(host, service, ownsDropInFolder),
    daemonJsonPlace: new DaemonJsonPlace(host, daemonJson),
  };
}

async function leave(
  places: readonly SettingsPlace[],
  state: ClusterMemberState,
  task: Task,
  host: Host,
  /** Undefined where it does not run. */
  docker: DockerApi | undefined,
): Promise<void> {
  const say = (line: string) => task.run.progress(host.address, line);
  const [first, ...others] = places;
  for (const place of others) await place.remove();
  if (state.apply === "restart" && docker) {
    await task.run.engineGate(state.connection).exclusive(async () => {
      const ranBefore = (await docker.containers.list({ all: false })).map(({ Id }) => Id);
      say("restarting docker (it leaves the cluster)");
      await runningAgainAfter(docker, ranBefore, () => (first ? first.restartWithout() : restartEngine(host)));
    });
  } else {
    await first?.remove();
    await reloadIfRunning(host);
    say("has left the cluster; `docker info` shows the store until docker's next start");
  }
  await forgetNode(state, host);
}

/** What the engine says of itself; undefined where it does not run. */
async function engineOf(docker: DockerApi): Promise<EngineInfo | undefined> {
  try {
    return await docker.engine.info();
  } catch (error) {
    if (isCode(error, "docker-not-there")) return undefined;
    throw error;
  }
}

async function forgetNode(state: ClusterMemberState, host: Host): Promise<void> {
  if (!state.advertisedAddress || state.clusterStore === "") return;
  try {
    await (await storeOf(state, host)).forgetNode(state.advertisedAddress);
  } catch (error) {
    // A store that cannot be asked cannot be tidied, and need not be: the entry expires by itself, a minute after the reload.
    if (!isCode(error, "not-ready", "unsupported")) throw error;
  }
}
