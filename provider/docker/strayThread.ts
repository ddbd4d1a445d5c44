import { type CrosshostError, isCode } from "../errors";
import { type Clock, Deadline, systemClock, waitFor } from "../wait";

/**
 * Docker 20.10 can leave a thread of its own in the network namespace of an overlay that is gone; what runs on it (a pull,
 * a word with the key-value store) has no network. Only a restart of the engine cures it. An engine with nothing to do takes
 * the thread that it used last, so that one try after another may come to the same one (seen: 23 pulls in a row); one that
 * was asked a dozen things at once has others awake as well (`stir`: then every second pull got through). A pull that cannot
 * reach a registry mirror goes on to the registry itself, so that what shows may be that this one's name cannot be looked up.
 * Where a container starts and the store cannot be asked, the engine says that it does not have the network (libnetwork,
 * `getNetworkFromStore` and who calls it), which it had a moment before. It says so of other calls, too; there only who calls
 * can know that the network is there.
 */
const NO_NETWORK =
  /connect: (network is unreachable|cannot assign requested address)|lookup \S+ on \S+: .*connection refused|start container \S+: (.*could not find network in store|failed to get network from store during join|network \S+ not found)/;
const NOT_FOUND = /network \S+ not found/;
const PATIENCE = 30_000;
const HINT =
  "if the host does have a route and a name service, this is a known fault of Docker 20.10 after overlays have come and gone: some of its threads lose the network; restart docker on that host";

/** Refusals of calls that had been refused for want of a network before: what they say may come of the earlier try. */
const afterStrayThread = new WeakSet<object>();

/** Whether a call was made more than once before it failed with `error`. */
export function isAfterStrayThread(error: unknown): boolean {
  return typeof error === "object" && error !== null && afterStrayThread.has(error);
}

export interface DespiteOptions {
  /** Has the engine do something on many of its threads at once; called before a call is made again. */
  stir: () => Promise<unknown>;
  /** Whether the network that the call names is known to be there. */
  isKnown?: boolean;
  clock?: Clock;
}

/** Makes a call that the engine refused for want of a network again, for half a minute. */
export async function despiteStrayThreads<T>(
  attempt: string,
  call: () => Promise<T>,
  { stir, isKnown = false, clock = systemClock }: DespiteOptions,
): Promise<T> {
  const isBlind = ({ message }: CrosshostError) => NO_NETWORK.test(message) || (isKnown && NOT_FOUND.test(message));
  let isRepeated = false;
  return waitFor<T>(
    async () => {
      try {
        if (isRepeated) await stir();
        return { done: await call() };
      } catch (error) {
        if (!isCode(error, "docker-refused", "not-found") || !isBlind(error as CrosshostError)) {
          if (isRepeated) afterStrayThread.add(error as object);
          throw error;
        }
        isRepeated = true;
        return { seen: (error as CrosshostError).message };
      }
    },
    { what: `the engine to ${attempt}`, deadline: new Deadline(PATIENCE, clock), hint: HINT },
  );
}
