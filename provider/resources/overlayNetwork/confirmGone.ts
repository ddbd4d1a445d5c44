import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import type { Network } from "../../docker/types";
import { openStoreOfEngine } from "../../engine/engineStore";
import { CrosshostError, isCode } from "../../errors";
import type { KeyValueStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { Deadline } from "../../wait";

/** Neither the engine nor its store can say whether a network is there. */
export class StoreAway extends CrosshostError {
  constructor(host: Host, name: string, cause: CrosshostError) {
    super(
      `host ${host.address}: its engine does not see the network "${name}", and whether it is gone cannot be told: ${cause.message}`,
      { code: "not-ready", hint: "the store has to be up again first", cause },
    );
  }
}

/** How long an engine may be without its store: a restart of the store's server takes a few seconds. */
const PATIENCE = 30_000;

/**
 * An engine that cannot ask its store says of every network there that there is no such one. So whoever is told that asks
 * the store itself: undefined when it has no such network; the network, once the engine sees it again.
 */
export async function confirmGone(
  { name, networkId }: { name: string; networkId: string },
  host: Host,
  docker: DockerApi,
  task: Task,
): Promise<Network | undefined> {
  const { ClusterStore: url } = await docker.engine.info();
  // An engine outside its cluster sees no networks of it, whatever the store has.
  if (!url) return undefined;
  const store = await openStoreOfEngine(url, host);
  const deadline = new Deadline(Math.min(PATIENCE, task.deadline.remaining()), task.deadline.clock);
  for (let pause = 100; ; pause = Math.min(pause * 2, 2_000)) {
    const answer = await ask(store, networkId);
    if (answer === "no") return undefined;
    if (deadline.remaining() < pause)
      throw answer === "yes" ? unseen(host, name, url) : new StoreAway(host, name, answer);
    await deadline.clock.sleep(pause);
    const network = await unlessNotFound(docker.networks.inspect(networkId));
    if (network) return network;
  }
}

type Answer = "yes" | "no" | CrosshostError;

async function ask(store: KeyValueStore, networkId: string): Promise<Answer> {
  try {
    return (await store.hasNetwork(networkId)) ? "yes" : "no";
  } catch (error) {
    if (isCode(error, "not-ready")) return error as CrosshostError;
    throw error;
  }
}

function unseen(host: Host, name: string, url: string): CrosshostError {
  return new CrosshostError(
    `host ${host.address}: its engine does not see the network "${name}", though its store ${url} has it`,
    { code: "not-ready", hint: "the engine has lost its store; systemctl restart docker on that host cures it" },
  );
}
