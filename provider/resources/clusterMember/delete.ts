import { readDropInFile, reloadIfRunning, removeDropIn } from "../../engine/dockerService";
import { restoreSettings } from "../../engine/liveJoin";
import { isCode } from "../../errors";
import { openStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import { reachOrSkip } from "../shared/reachable";
import type { ClusterMemberState } from "./inputs";

/** Where an engine's settings are unless its command line says otherwise; a removed Docker has no command line. */
const SETTINGS = "/etc/docker/daemon.json";

/**
 * Takes the host out of the cluster with nothing on it restarted: the drop-in goes, and a reload ends the engine's
 * registration. Until its next start the engine still has the store in mind, which `docker info` shows.
 */
export async function remove(state: ClusterMemberState, task: Task): Promise<void> {
  const consequence = "its docker.service keeps the cluster flags";
  const reached = await reachOrSkip(state.connection, state, task, consequence);
  if (!reached) return;
  const { host } = reached;
  await restoreSettings(host, SETTINGS);
  const dropIn = await readDropInFile(host);
  if (dropIn && dropIn.owner !== state.owner) return;
  await removeDropIn(host, dropIn);
  await reloadIfRunning(host);
  if (!state.advertisedAddress || state.clusterStore === "") return;
  try {
    await openStore(state.clusterStore, host).forgetNode(state.advertisedAddress);
  } catch (error) {
    // A store that is away cannot be tidied, and need not be: the entry expires by itself, a minute after the reload.
    if (!isCode(error, "not-ready")) throw error;
  }
}
