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
  /** Whether the quorum counts a server in, which one of two servers says that is none without the other. */
  isMember(inputs: Made, server: Server, others: readonly ReachedServer[]): Promise<boolean>;
  /** Announces a server that has no data. Returns what its first start is to be told, where not the usual. */
  join(
    inputs: Made,
    mover: Mover,
    others: readonly ReachedServer[],
  ): Promise<ServerContainer["firstStart"] | undefined>;
  /** Takes a server out of the quorum, whether it still runs or not; its container is removed afterwards. */
  leave(inputs: Made, mover: Mover, others: readonly ReachedServer[]): Promise<void>;
}
