import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { connectionTo } from "../shared/hosts";
import { isOwnedBy } from "../shared/owned";
import { type Reached, reachOrSkip } from "../shared/reachable";
import { asksBriefly, whyNoAnswer } from "./answers";
import { statusFound } from "./halfChanged";
import { isMade, type KVStoreState, type Made, type Server } from "./inputs";
import { ReachedServer } from "./reached";
import { volumeNames } from "./volumes";

/**
 * What every server's host says. The store is gone when all containers and all data are; with data left, it is a store
 * whose servers do not run.
 */
export async function read(state: KVStoreState, task: Task): Promise<KVStoreState | undefined> {
  if (!isMade(state)) return { ...state, answers: (await asksBriefly(state, task)) === undefined };
  const made: Made & KVStoreState = state;
  const found = await settleAll(made.servers.map((server) => look(made, server, task)));
  if (found.every(({ isGone }) => isGone)) return undefined;
  const servers = made.servers.map((server, i) => ({ ...server, status: statusFound(server, found[i]!.status) }));
  // Each server has its own image for the while of an update; the store's is the one that is not what it should be.
  const other = found.find(({ image }) => image !== undefined && image !== made.image)?.image;
  return { ...made, servers, image: other ?? made.image };
}

interface Found {
  isGone: boolean;
  status: string;
  image?: string;
}

async function look(state: Made & KVStoreState, server: Server, task: Task): Promise<Found> {
  const connection = connectionTo(server.host, state.connections);
  const reached = await reachOrSkip(connection, state, task, `what is recorded of "${state.name}" is kept`);
  if (!reached) return { isGone: false, status: server.status };
  const lookedAt = new ReachedServer(server, reached.host, reached.docker, connection, state);
  const [container, missing] = await Promise.all([lookedAt.container(), missingVolumesOf(state, reached)]);
  const image = container?.Config.Image;
  const hasNoData = missing.length === volumeNames(state).length;
  if (!container && hasNoData) return { isGone: true, status: "gone" };
  if (missing.length > 0) return { isGone: false, status: `its data is gone: no volume ${missing.join(", ")}`, image };
  if (!container) return { isGone: false, status: "its container is gone" };
  if (!container.State.Running) return { isGone: false, status: "stopped", image };
  if (image !== state.image) return { isGone: false, status: `runs ${image}`, image };
  return { isGone: false, status: (await whyNoAnswer(lookedAt, task)) ?? "running", image };
}

async function missingVolumesOf(state: Made, { docker }: Reached): Promise<string[]> {
  const names = volumeNames(state);
  const volumes = await Promise.all(names.map((name) => unlessNotFound(docker.volumes.inspect(name))));
  return names.filter((_, i) => !volumes[i] || !isOwnedBy(state.owner, volumes[i].Labels));
}
