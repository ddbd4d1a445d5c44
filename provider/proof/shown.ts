import type { DockerApi } from "../docker/api";
import type { Network } from "../docker/types";
import { openStoreOfEngine } from "../engine/engineStore";
import { CrosshostError, isCode } from "../errors";
import type { Task } from "../lifecycle";
import type { RunContext } from "../run/context";
import type { Host } from "../ssh/host";
import { Deadline } from "../wait";
import { inspectKnown } from "./known";
import type { Subject } from "./proof";

/** How long an engine is waited for before its store is asked: where that is cut off, it is silent for minutes. */
const PATIENCE = 20_000;

const known = new WeakMap<RunContext, Map<string, Network>>();

/**
 * A network that a container is on, as the first engine showed it that was asked in this run; undefined where it does not. An
 * engine that is asked for a network reads all its endpoints from the store, and what a proof needs of it stays: who was left
 * behind on it was there before, too.
 */
export async function shownOnce(subject: Subject, id: string, task: Task): Promise<Network | undefined> {
  const networks = known.get(task.run) ?? new Map<string, Network>();
  known.set(task.run, networks);
  const network = networks.get(id) ?? (await shownBy(subject, id, task));
  if (network) networks.set(id, network);
  return network;
}

async function shownBy({ connection }: Subject, id: string, { run, deadline }: Task): Promise<Network | undefined> {
  const { clock } = deadline;
  const ask = async (until: Deadline) => inspectKnown(await run.docker(connection, until), id, clock);
  try {
    return await ask(new Deadline(Math.min(PATIENCE, deadline.remaining()), clock));
  } catch (error) {
    if (!isCode(error, "timed-out")) throw error;
  }
  await requireStore(await run.host(connection, deadline), await run.docker(connection, deadline));
  return await ask(deadline);
}

/** It is not the engine that has to be looked after where its store does not answer it. */
async function requireStore(host: Host, docker: DockerApi): Promise<void> {
  const { ClusterStore: url } = await docker.engine.info();
  if (!url) return;
  try {
    await (await openStoreOfEngine(url, host)).nodes();
  } catch (error) {
    if (!isCode(error, "not-ready")) throw error;
    const message = (error as Error).message.replace(/^host \S+: /, "");
    throw new CrosshostError(
      `host ${host.address}: its engine does not say who is on its overlays without its store: ${message}`,
      { code: "not-ready", hint: "the store has to be up again first", cause: error },
    );
  }
}
