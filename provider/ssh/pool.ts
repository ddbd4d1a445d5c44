import { createHash } from "node:crypto";
import { CrosshostError } from "../errors";
import { type Clock, type Deadline, systemClock } from "../wait";
import type { Connection } from "./connection";
import { type Dial, dial } from "./dial";
import { isItUp } from "./dialFailure";
import type { Host } from "./host";
import type { Link } from "./link";
import { LinkedHost } from "./linkedHost";
import { type LocalUser, localUser } from "./localUser";
import { dialPatiently } from "./patience";
import { type Target, Targets } from "./target";

export interface PoolOptions {
  /** Shows a line while a host is waited for. */
  log?: (line: string) => void;
  clock?: Clock;
  dial?: Dial;
  /** Whose ssh_config, keys and agent count. Default: who runs this program. */
  localUser?: LocalUser;
}

/** How long a host that could not be reached is not tried again: whoever asks in this time gets the same answer. */
const rememberFailures = 5_000;

/** One connection, being made or there. */
interface Entry {
  /** The latest of all who wait. */
  deadline: Deadline;
  /** When the dial failed, by the pool's clock. */
  failedAt?: number;
  reached: Promise<Reached>;
}

interface Reached {
  link: Link;
  host: Host;
}

/** All SSH connections of this process: one for each distinct connection, shared by everyone who asks for it. */
export class ConnectionPool {
  private readonly entries = new Map<string, Entry>();
  private readonly clock: Clock;
  private readonly dial: Dial;
  private readonly log: (line: string) => void;
  private readonly targets: Targets;

  constructor(options: PoolOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.dial = options.dial ?? dial;
    this.log = options.log ?? (() => undefined);
    this.targets = new Targets(options.localUser ?? localUser());
  }

  /** The host, connected; waits for one that is not up yet, as long as connection and deadline allow. */
  async host(connection: Connection, deadline: Deadline): Promise<Host> {
    return (await this.reached(await this.targets.of(connection), deadline)).host;
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    const entries = [...this.entries.values()];
    this.entries.clear();
    for (const result of await Promise.allSettled(entries.map((entry) => entry.reached))) {
      if (result.status === "fulfilled") result.value.link.close();
    }
  }

  private async reached(target: Target, deadline: Deadline): Promise<Reached> {
    const key = keyOf(target);
    let entry = this.entries.get(key);
    if (!entry || this.stale(entry)) {
      entry = this.begin(key, target, deadline);
    } else if (entry.deadline.remaining() < deadline.remaining()) {
      entry.deadline = deadline;
    }
    return await within(deadline, target, entry.reached);
  }

  private begin(key: string, target: Target, deadline: Deadline): Entry {
    const entry: Entry = { deadline, reached: this.reach(target, () => entry.deadline) };
    this.entries.set(key, entry);
    const forget = () => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    };
    entry.reached.then(
      ({ link }) => link.onLost(forget),
      () => {
        entry.failedAt = this.clock.now();
      },
    );
    return entry;
  }

  /** The connection to a host's proxy, which all who go through it share. */
  private async proxyOf({ host }: Target, proxy: Target, deadline: Deadline): Promise<Link> {
    try {
      return (await this.reached(proxy, deadline)).link;
    } catch (error) {
      if (!(error instanceof CrosshostError)) throw error;
      const { code, hint } = error;
      throw new CrosshostError(`${error.message} (on the way to ${host})`, { code, hint, cause: error });
    }
  }

  private stale({ failedAt }: Entry): boolean {
    return failedAt !== undefined && this.clock.now() - failedAt > rememberFailures;
  }

  private async reach(target: Target, deadline: () => Deadline): Promise<Reached> {
    // Lets `begin` finish, so that there is an entry whose deadline can be asked.
    await Promise.resolve();
    const attempt = async (target: Target, milliseconds: number) => {
      const through = target.proxy && (await this.proxyOf(target, target.proxy, deadline()));
      return await this.dial(target, { milliseconds, through, log: this.log });
    };
    const link = await dialPatiently(attempt, target, deadline, (failure, attempt) => {
      if (attempt === 1 && failure.passing) this.log(`${failure.message}; trying again`);
    });
    return { link, host: new LinkedHost(link, target.user, target.password) };
  }
}

/** Names a connection by all that makes it what it is; a hash, so that no key or password stands in it. */
function keyOf(target: Target): string {
  return createHash("sha256")
    .update(JSON.stringify(identityOf(target)))
    .digest("hex");
}

function identityOf({ dialErrorLimit, perDialTimeout, dockerSocketPath, proxy, ...identity }: Target): unknown {
  const given = Object.entries(identity).filter(([, value]) => value !== undefined);
  const sorted = given.sort(([a], [b]) => (a < b ? -1 : 1));
  return [sorted, proxy && identityOf(proxy)];
}

/** Waits no longer than one caller may, while others who share the dial may wait on. */
async function within<T>(deadline: Deadline, { host }: Target, shared: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    const tooLate = () =>
      reject(
        new CrosshostError(`host ${host}: not reached in ${Math.round(deadline.milliseconds / 1000)} s`, {
          code: "timed-out",
          hint: isItUp,
        }),
      );
    // The dial keeps to the deadline too, and its message says more: it goes first.
    timer = setTimeout(tooLate, Math.min(deadline.remaining() + 250, 2 ** 31 - 1));
  });
  try {
    return await Promise.race([shared, end]);
  } finally {
    clearTimeout(timer);
  }
}
