import type { DockerApi } from "../../docker/api";
import { areSame, type ClusterSettings, isEmpty } from "../../engine/clusterSettings";
import { hasJoinedGossip } from "../../engine/gossip";
import { isCode } from "../../errors";
import type { KeyValueStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { Deadline, type Look, waitFor } from "../../wait";
import type { ClusterMemberInputs } from "./inputs";
import { hasUnusableOverlays } from "./overlays";
import type { Preflight } from "./preflight";
import { heartbeatOf } from "./storeOptions";

/** One host on its way into a cluster. */
export interface Joining extends Preflight {
  inputs: ClusterMemberInputs;
  task: Task;
  host: Host;
  docker: DockerApi;
  store: KeyValueStore;
  /** The settings that state knows of it as a member; undefined where it is none yet. */
  recorded: ClusterSettings | undefined;
}

/** How long a store may be away before a member that needs it gives up: a restart of its server takes a few seconds. */
const STORE_PATIENCE = 30_000;
/** How long a running engine may take to read its settings: it does so in milliseconds, or not at all. */
const RELOAD_PATIENCE = 10_000;
/** Beyond the heartbeat of its discovery, one of which an engine may need to find a store that was away. */
const JOIN_PATIENCE = 5_000;

/**
 * Whether the engine is a member already, which after a reboot takes a heartbeat to show. One that has left looks the
 * same to `docker info` until its next start. What tells them apart are the settings for that, which come before the
 * joining and go before the leaving; where somebody has taken them away from a member, that it is still registered.
 */
export async function isMember(joining: Joining): Promise<boolean> {
  const { engine, inputs, advertisedAddress, advertisedIp, host, store, task } = joining;
  if (engine.ClusterStore !== inputs.clusterStore || engine.ClusterAdvertise !== advertisedAddress) return false;
  if (await hasUnusableOverlays(joining.docker)) return false;
  if (!hasSettings(joining)) {
    if (!isToldOnly(joining)) return false;
    const [nodes, hasGossip] = await Promise.all([store.nodes(), hasJoinedGossip(host, advertisedIp)]);
    return nodes.includes(advertisedAddress) && hasGossip;
  }
  try {
    await waitForMembership(joining, atMost(heartbeat(inputs) + JOIN_PATIENCE, task.deadline));
    return true;
  } catch (error) {
    if (isCode(error, "not-ready")) return false;
    throw error;
  }
}

/**
 * Whether only the place of its settings is not what it should be: they are in the other place, or somebody has taken
 * them away. What the engine runs with is then what that place says, or else state, unless a refresh has found them gone:
 * of options nobody knows then.
 */
function isToldOnly({ recorded, place, otherPlace, inputs }: Joining): boolean {
  if (!recorded || !isEmpty(place.settings)) return false;
  if (!isEmpty(otherPlace.settings)) return areSame(otherPlace.settings, inputs);
  return recorded.clusterStore === "" || areSame(recorded, inputs);
}

/** Whether the wanted settings are there for the engine's next start, by our hand or by that of whom we take them over. */
function hasSettings({ place, inputs, isAdopted }: Joining): boolean {
  if (isAdopted) return true;
  return areSame(place.settings, inputs);
}

/** Waits until the store can be asked and has a leader. */
export async function waitForStore({ inputs, host, store, task }: Joining): Promise<void> {
  await waitFor<string>(
    evenIfAway<string>(async () => {
      const leader = await store.leader();
      return leader === undefined ? { seen: "no leader" } : { done: leader };
    }),
    {
      what: `the store ${inputs.clusterStore} as seen from host ${host.address}`,
      deadline: atMost(STORE_PATIENCE, task.deadline),
      hint: "each engine of a cluster speaks to the store itself: is there a firewall between them?",
    },
  );
}

/** Waits until the engine shows the store as its own. */
export async function waitForSettings({ inputs, host, docker, task }: Joining): Promise<void> {
  await waitFor(
    async () => {
      const { ClusterStore } = await docker.engine.info();
      return look(ClusterStore === inputs.clusterStore, `its store is ${ClusterStore || "none"}`);
    },
    {
      what: `the engine of host ${host.address} to take the store ${inputs.clusterStore}`,
      deadline: atMost(RELOAD_PATIENCE, task.deadline),
    },
  );
}

/** Waits until the engine is registered in the store and has joined the gossip: one heartbeat at the most, and some. */
export async function waitForMembership(
  { store, host, advertisedIp, advertisedAddress }: Joining,
  deadline: Deadline,
): Promise<void> {
  await waitFor(
    evenIfAway(async () => {
      const [nodes, hasGossip] = await Promise.all([store.nodes(), hasJoinedGossip(host, advertisedIp)]);
      if (!nodes.includes(advertisedAddress)) return { seen: `registered are: ${nodes.join(", ") || "none"}` };
      return look(hasGossip, `registered, but nothing listens on ${advertisedIp}:7946 yet`);
    }),
    {
      what: `the engine of host ${host.address} to register as ${advertisedAddress} and to join the gossip`,
      deadline,
      interval: { first: 20, longest: 100 },
    },
  );
}

/** Milliseconds between an engine's looks at its store. */
export function heartbeat({ clusterStoreOpts }: ClusterMemberInputs): number {
  return heartbeatOf(clusterStoreOpts) * 1000;
}

/** A store that cannot be asked is one that is seen to be away. */
function evenIfAway<T>(look: () => Promise<Look<T>>): () => Promise<Look<T>> {
  return async () => {
    try {
      return await look();
    } catch (error) {
      if (isCode(error, "not-ready")) return { seen: (error as Error).message };
      throw error;
    }
  };
}

function look(isDone: boolean, seen: string): Look<true> {
  return isDone ? { done: true } : { seen };
}

/** The deadline, or so many milliseconds if that is sooner. */
export function atMost(milliseconds: number, deadline: Deadline): Deadline {
  return new Deadline(Math.min(milliseconds, deadline.remaining()), deadline.clock);
}
