import type { DockerApi } from "../../docker/api";
import { type ClusterSettings, wholeOf } from "../../engine/clusterSettings";
import { lendSettings } from "../../engine/lend";
import type { SettingsPlace } from "../../engine/place";
import { lastWordsOfEngine, reloadEngine } from "../../engine/systemd";
import { CrosshostError, isCode } from "../../errors";
import { Deadline } from "../../wait";
import { runningAgainAfter } from "../shared/startAgain";
import { heartbeat, type Joining, waitForMembership, waitForSettings, waitForStore } from "./membership";
import { brokenContainers } from "./overlays";

/** Beyond a heartbeat: the engine asks a store that does not answer for up to a minute. */
const PATIENCE = 65_000;

/** Brings an engine into the cluster that is in none, or in another, or has to take other settings. */
export async function join(joining: Joining): Promise<void> {
  const { inputs, task } = joining;
  const { run } = task;
  const engineGate = run.engineGate(inputs.connection);
  const storeGate = run.storeGate(inputs.clusterStore);
  /** A restart of the engine that carries the store is done while nobody else needs the store. */
  const restart = <T>(work: () => Promise<T>) =>
    engineGate.exclusive(() => (joining.carriesStore ? storeGate.exclusive(work) : storeGate.shared(work)));
  // What was there before us cannot be forgotten by a restart: it stays there.
  const isRestart = inputs.apply === "restart" || joining.place.isAdopted;
  const ranBefore = isRestart || joining.engine.ClusterStore ? await containersToRun(joining.docker) : [];
  const before = settingsBefore(joining);
  await runningAgainAfter(joining.docker, ranBefore, async () => {
    try {
      if (isRestart) {
        await restart(() => restartWithSettings(joining, ranBefore));
        await storeGate.shared(() => waitToJoin(joining));
      } else {
        if (joining.engine.ClusterStore) await restart(() => forgetStore(joining, ranBefore));
        await storeGate.shared(() => joinLive(joining));
      }
    } catch (error) {
      if (before && isCode(error, "not-ready", "command-failed")) await restart(() => joinAgain(joining, before));
      throw error;
    }
  });
}

/** The settings that a member of ours has, and where. */
interface SettingsBefore {
  at: SettingsPlace;
  settings: ClusterSettings;
}

function settingsBefore({ recorded, place, otherPlace, inputs }: Joining): SettingsBefore | undefined {
  // What an interrupted create has left was never in force.
  if (!recorded) return undefined;
  for (const at of [place, otherPlace]) {
    const settings = at.owner === inputs.owner ? wholeOf(at.settings) : undefined;
    if (settings) return { at, settings };
  }
  return undefined;
}

/** Restarts a member that cannot take its new settings with those it had, unless they are in force again already. */
async function joinAgain({ host, inputs, task, place, otherPlace }: Joining, { at, settings }: SettingsBefore) {
  if (at.has(inputs.owner, settings)) return;
  task.run.progress(host.address, "restarting docker (back to the cluster settings it had)");
  try {
    await (at === place ? otherPlace : place).remove();
    await at.restartWith(inputs.owner, settings);
  } catch (error) {
    task.run.progress(host.address, `it could not be brought back to them: ${(error as Error).message}`);
  }
}

/**
 * Lets an engine that remembers no store join with nothing on its host restarted; the settings count from its next start.
 * Where it does not take them, they are taken away again: the next start would fail on them.
 */
async function joinLive(joining: Joining): Promise<void> {
  const { inputs, task, host, place, otherPlace, daemonJson } = joining;
  task.run.progress(host.address, `joining ${inputs.clusterStore} as ${joining.advertisedAddress}`);
  await otherPlace.remove();
  try {
    await place.write(inputs.owner, inputs);
    if (inputs.via === "service") {
      await lendSettings(host, daemonJson, inputs, () => waitForSettings(joining));
    } else {
      await reloadEngine(host);
      await waitForSettings(joining);
    }
    await waitToJoin(joining);
  } catch (error) {
    if (!isCode(error, "not-ready", "command-failed")) throw error;
    await place.remove();
    throw await withLastWords(joining, error as CrosshostError);
  }
}

/** Restarts the engine with the settings in force. */
async function restartWithSettings(joining: Joining, ranBefore: readonly string[]): Promise<void> {
  const { inputs, task, host, place, otherPlace, carriesStore } = joining;
  const why = joining.engine.ClusterStore ? "its cluster settings change" : "to join the cluster";
  task.run.progress(host.address, `restarting docker (${why})${runningAgain(ranBefore)}`);
  await otherPlace.remove();
  await place.restartWith(inputs.owner, inputs);
  if (carriesStore) {
    const seconds = heartbeat(inputs) / 1000;
    task.run.progress(
      host.address,
      `the store was away while its engine started, which looks for it again within ${seconds} s (discovery.heartbeat)`,
    );
  }
}

/**
 * Restarts an engine without cluster settings, so that it forgets the store it has had since its start, and then can join
 * live: had it restarted with them, a store on that very host would have been away at that moment, and the engine would
 * have joined one heartbeat (20 s) later.
 */
async function forgetStore(joining: Joining, ranBefore: readonly string[]): Promise<void> {
  const { engine, task, host, docker, place, otherPlace } = joining;
  const broken = await brokenContainers(docker);
  const why =
    broken.length > 0
      ? "which a power loss has left unable to bring containers to their overlays"
      : `which has had the store ${engine.ClusterStore} since its start`;
  task.run.progress(host.address, `restarting docker, ${why}${runningAgain(ranBefore)}`);
  await otherPlace.remove();
  await place.restartWithout();
  await docker.engine.info();
  await waitForStore(joining);
}

async function waitToJoin(joining: Joining): Promise<void> {
  const { task, inputs } = joining;
  const patience = Math.min(heartbeat(inputs) + PATIENCE, task.deadline.remaining());
  await waitForMembership(joining, new Deadline(patience, task.deadline.clock));
}

/** Those that run, and those that only a power loss keeps from it. */
async function containersToRun(docker: DockerApi): Promise<string[]> {
  const running = (await docker.containers.list({ all: false })).map(({ Id }) => Id);
  return [...running, ...(await brokenContainers(docker))];
}

function runningAgain(containers: readonly string[]): string {
  return containers.length > 0 ? `; ${containers.length} container(s) will be running again afterwards` : "";
}

/** The engine's own reason, which only its log has. */
async function withLastWords({ host }: Joining, error: CrosshostError): Promise<CrosshostError> {
  const said = await lastWordsOfEngine(host);
  const log = said === "" ? "" : `; docker's log ends: ${said}`;
  return new CrosshostError(`${error.message}${log}`, { code: error.code, hint: error.hint, cause: error });
}
