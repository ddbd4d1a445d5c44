import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { CrosshostError, isCode } from "../../errors";
import { openStore, type StoredNetwork } from "../../kv/store";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { Deadline, waitFor } from "../../wait";
import { isOwnedBy } from "../shared/owned";
import type { KVStoreState, Made, Server } from "./inputs";
import { volumeNames } from "./volumes";

interface There {
  server: Server;
  host: Host;
  docker: DockerApi;
}

/** How long engines may take to be done with networks that were just removed, and a store to answer. */
const PATIENCE = 5_000;

const HINT =
  "remove them first, or say `forceDestroy: true` in an `up` before this, or CROSSHOST_FORCE_DESTROY=1 in the environment: engines forget them then, and containers on them lose their connection";

/**
 * Refuses to throw away a store that has networks in it: those of this stack have been removed before it. A store that
 * was never ready has none, unless it was made on data that was there; one whose data is gone already or is kept loses
 * none.
 */
export async function requireEmpty(state: Made & KVStoreState, there: readonly There[], task: Task): Promise<void> {
  if (state.forceDestroy || process.env.CROSSHOST_FORCE_DESTROY === "1") return;
  const mayHaveNetworks = state.serverStates?.length > 0 || state.onFoundData;
  if (state.keepDataOnDelete || !mayHaveNetworks) return;
  const withData = await Promise.all(there.map((each) => hasData(state, each)));
  const asked = there.filter((_, i) => withData[i]);
  if (asked.length === 0) return;

  let networks: readonly StoredNetwork[] | undefined;
  try {
    await waitFor<true>(
      async () => {
        networks = await networksSeenBy(asked, state);
        return networks.length === 0 ? { done: true } : { seen: "networks" };
      },
      {
        what: "the store to be empty",
        deadline: new Deadline(Math.min(PATIENCE, task.deadline.remaining()), task.deadline.clock),
      },
    );
  } catch (error) {
    if (!isCode(error, "not-ready")) throw error;
    if (networks === undefined) {
      throw new CrosshostError(
        `the store "${state.name}" cannot be asked whether networks are in it, so it is not deleted: ${(error as Error).message}`,
        {
          code: "in-use",
          hint: HINT.replace("remove them first", "let it run again (`pulumi up --refresh`)"),
          cause: error,
        },
      );
    }
    const names = networks.map(({ name }) => name).join(", ");
    throw new CrosshostError(`the store "${state.name}" still has networks in it, which would be lost: ${names}`, {
      code: "in-use",
      hint: HINT,
    });
  }
}

async function networksSeenBy(servers: readonly There[], state: Made): Promise<StoredNetwork[]> {
  const [first, ...others] = servers as [There];
  try {
    return await openStore(first.server.url, first.host, state).networks();
  } catch (error) {
    if (others.length === 0 || !isCode(error, "not-ready")) throw error;
    return networksSeenBy(others, state);
  }
}

async function hasData(state: Made, { docker }: There): Promise<boolean> {
  const volumes = await Promise.all(volumeNames(state).map((name) => unlessNotFound(docker.volumes.inspect(name))));
  return volumes.some((volume) => volume !== undefined && isOwnedBy(state.owner, volume.Labels));
}
