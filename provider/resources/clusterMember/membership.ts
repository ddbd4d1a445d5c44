import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { readDockerService, removeDropIn, restartService, writeDropIn } from "../../engine/dockerService";
import { hasJoinedGossip } from "../../engine/gossip";
import { joinLive } from "../../engine/liveJoin";
import { isCode } from "../../errors";
import type { KeyValueStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { Deadline, type Look, waitFor } from "../../wait";

import type { ClusterMemberInputs } from "./inputs";
import type { Preflight } from "./preflight";

/** One host on its way into a cluster. */
export interface Joining extends Preflight {
  inputs: ClusterMemberInputs;
  task: Task;
  host: Host;
  docker: DockerApi;
  store: KeyValueStore;
}

/** How long a store may be away before a member that needs it gives up: a restart of its server takes a few seconds. */
const STORE_PATIENCE = 30_000;
/** One heartbeat of an engine's discovery (20 s), after which a store that was away is found, and some. */
const HEARTBEAT_PATIENCE = 25_000;

/**
 * Whether the engine is a member already, which after a reboot takes a heartbeat to show. One that has left looks the
 * same to `docker info` until its next start; what tells them apart is the drop-in, which comes before the joining and
 * goes before the leaving.
 */
export async function isMember(joining: Joining): Promise<boolean> {
  const { engine, inputs, advertisedAddress, task, service } = joining;
  const { clusterStore, clusterAdvertise } = service.dropIn?.flags ?? {};
  if (clusterStore !== inputs.clusterStore || clusterAdvertise !== inputs.clusterAdvertise) return false;
  if (engine.ClusterStore !== inputs.clusterStore || engine.ClusterAdvertise !== advertisedAddress) return false;
  try {
    await waitForMembership(joining, atMost(HEARTBEAT_PATIENCE, task.deadline));
    return true;
  } catch (error) {
    if (isCode(error, "not-ready")) return false;
    throw error;
  }
}

/** Waits until the store can be asked and has a leader. */
export async function waitForStore({ inputs, host, store, task }: Joining): Promise<void> {
  await waitFor<string>(
    async () => {
      try {
        const leader = await store.leader();
        return leader === undefined ? { seen: "no leader" } : { done: leader };
      } catch (error) {
        if (isCode(error, "not-ready")) return { seen: (error as Error).message };
        throw error;
      }
    },
    {
      what: `the store ${inputs.clusterStore} as seen from host ${host.address}`,
      deadline: atMost(STORE_PATIENCE, task.deadline),
    },
  );
}

/** Joins an engine that remembers no store, with nothing on its host restarted; the flags count from its next start. */
export async function join(joining: Joining): Promise<void> {
  const { inputs, task, host, docker, service } = joining;
  task.run.progress(host.address, `joining ${inputs.clusterStore} as ${joining.advertisedAddress}`);
  await renewDropIn(joining);
  await joinLive(host, service.configFile, inputs, async () => {
    await waitFor(async () => look((await docker.engine.info()).ClusterStore === inputs.clusterStore, "no store yet"), {
      what: `the engine of host ${host.address} to take the store from a reload`,
      deadline: atMost(STORE_PATIENCE, task.deadline),
      hint: "`journalctl -u docker` on that host has the engine's reason",
    });
  });
  await waitForMembership(joining, task.deadline);
}

/** Writes the drop-in where there is none, or another: the unit's own line may have changed with its package. */
export async function renewDropIn({ host, inputs }: Joining): Promise<void> {
  await writeDropIn(host, await readDockerService(host), inputs.owner, inputs);
}

/**
 * Restarts an engine without cluster flags, so that it forgets the store it has had since its start. Returns the
 * containers that ran before.
 */
export async function forgetStore(joining: Joining): Promise<string[]> {
  const { engine, task, host, docker, service } = joining;
  const running = (await docker.containers.list({ all: false })).map(({ Id }) => Id);
  task.run.progress(
    host.address,
    `restarting docker, which has had the store ${engine.ClusterStore} since its start` +
      (running.length > 0 ? `; ${running.length} container(s) will be running again afterwards` : ""),
  );
  await removeDropIn(host, service.dropIn);
  await restartService(host);
  await docker.engine.info();
  await waitForStore(joining);
  return running;
}

/** Starts the containers a restart has stopped: those without a restart policy, or with networks of the store. */
export async function startAgain({ docker }: Joining, containers: readonly string[]): Promise<void> {
  await Promise.all(
    containers.map(async (id) => {
      const container = await unlessNotFound(docker.containers.inspect(id));
      if (container && !container.State.Running) await docker.containers.start(id);
    }),
  );
}

async function waitForMembership({ store, host, advertisedIp, advertisedAddress }: Joining, deadline: Deadline) {
  await waitFor(
    async () => {
      const [nodes, hasGossip] = await Promise.all([store.nodes(), hasJoinedGossip(host, advertisedIp)]);
      if (!nodes.includes(advertisedAddress)) return { seen: `registered are: ${nodes.join(", ") || "none"}` };
      return look(hasGossip, `registered, but nothing listens on ${advertisedIp}:7946 yet`);
    },
    {
      what: `the engine of host ${host.address} to register as ${advertisedAddress} and to join the gossip`,
      deadline,
      hint: "`journalctl -u docker` on that host has the engine's reason",
    },
  );
}

function look(isDone: boolean, seen: string): Look<true> {
  return isDone ? { done: true } : { seen };
}

function atMost(milliseconds: number, deadline: Deadline): Deadline {
  return new Deadline(Math.min(milliseconds, deadline.remaining()), deadline.clock);
}
