import type { Made, Server } from "../inputs";
import type { ReachedServer } from "../reached";
import type { ServerContainer } from "./kind";

/** A server on its way in or out, and its host where that can be reached. */
export interface Mover {
  server: Server;
  reached?: ReachedServer;
}

/**
 * How a server comes to a quorum that is there, and leaves it. Both are asked of `others`, servers of it that answer, and
 * both may be asked again after an interruption. They fail with `not-ready` while the quorum cannot do it yet.
 */
export interface Membership {
  /**
   * Whether a server counts, which one of two servers says that is no quorum without the other: it has started once, or
   * was announced only; undefined where it does not count.
   */
  membershipOf(
    inputs: Made,
    server: Server,
    others: readonly ReachedServer[],
  ): Promise<"started" | "announced" | undefined>;
  /** Announces a server that has no data. Returns what its first start is to be told, where not the usual. */
  join(
    inputs: Made,
    mover: Mover,
    others: readonly ReachedServer[],
  ): Promise<ServerContainer["firstStart"] | undefined>;
  /** Takes a server out of the quorum, whether it still runs or not; its container is removed afterwards. */
  leave(inputs: Made, mover: Mover, others: readonly ReachedServer[]): Promise<void>;
}
