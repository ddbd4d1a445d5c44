import type { Endpoint } from "./survey";
import { keyOf } from "./ways";

/** A way that is to be proven. */
export interface WantedWay {
  from: string;
  to: Endpoint;
  /** How often it was tried in vain. */
  failures: number;
}

/** A packet from one endpoint to another, and its answer. */
export interface Trip {
  by: Endpoint;
  to: Endpoint;
  /** What it proves: the way there, and where neither was tried before also the one back, since the answer has found it. */
  ways: WantedWay[];
}

/** Those of a host's endpoints that can send. */
type SendersOn = (host: string) => readonly Endpoint[];

/**
 * The packets that prove all wanted ways, from as few endpoints as is easily found, since each that sends takes a command. One
 * that sends to all that its host is not known to reach proves these ways; and one that sends to some endpoint of each host
 * that is not known to reach it proves those, since the answer finds its way back only where that host knows it. So a container
 * that joins takes one command, and many at once take one on each host. What is tried again is tried from both ends.
 */
export function planTrips(wanted: readonly WantedWay[], sendersOn: SendersOn): Trip[] {
  const tried = wanted.filter(({ failures }) => failures > 0);
  const plan = new Plan(
    wanted.filter(({ failures }) => failures === 0),
    sendersOn,
  );
  return [...again(tried, sendersOn), ...plan.trips()];
}

/** Who was not heard leaves it to the next one of its host. */
function again(tried: readonly WantedWay[], sendersOn: SendersOn): Trip[] {
  const most = new Map<string, number>();
  for (const { from, failures } of tried) most.set(from, Math.max(failures, most.get(from) ?? 0));
  return tried.map((way) => {
    const senders = sendersOn(way.from);
    return { by: senders[most.get(way.from)! % senders.length]!, to: way.to, ways: [way] };
  });
}

/** Ways of which none was tried yet. */
class Plan {
  /** What no trip is made for yet. */
  private readonly open: Map<string, WantedWay>;
  private readonly senders: Endpoint[];

  constructor(
    wanted: readonly WantedWay[],
    private readonly sendersOn: SendersOn,
  ) {
    this.open = new Map(wanted.map((way) => [keyOf(way), way]));
    const hosts = new Set(wanted.flatMap(({ from, to }) => [from, to.host]));
    this.senders = [...hosts].flatMap((host) => [...sendersOn(host)]);
  }

  trips(): Trip[] {
    const trips: Trip[] = [];
    while (this.open.size > 0) trips.push(...this.from(this.mostUseful()));
    return trips;
  }

  /** Who proves most, and of a host's the one that came last: it proves its own sandbox with it. */
  private mostUseful(): Endpoint {
    const counts = new Map<string, number>();
    const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const { from, to } of this.open.values()) {
      count(from);
      count(to.id);
    }
    const use = ({ id, host }: Endpoint) => (counts.get(host) ?? 0) + (counts.get(id) ?? 0);
    return this.senders.reduce((best, sender) => (use(sender) > use(best) ? sender : best));
  }

  private from(by: Endpoint): Trip[] {
    const open = [...this.open.values()];
    const there = open.filter(({ from }) => from === by.host).map(({ to }) => this.trip(by, to));
    const unheard = open.filter((way) => way.to.id === by.id && this.open.has(keyOf(way)));
    return [...there, ...unheard.map(({ from }) => this.trip(by, this.sendersOn(from)[0]!))];
  }

  private trip(by: Endpoint, to: Endpoint): Trip {
    const there = this.open.get(keyOf({ from: by.host, to }));
    const back = this.open.get(keyOf({ from: to.host, to: by }));
    // Silence leaves the way back open, and then it is this one that has to send.
    const canSend = this.sendersOn(to.host).some(({ id }) => id === to.id);
    const ways = [there, canSend ? back : undefined].filter((way) => way !== undefined);
    for (const way of ways) this.open.delete(keyOf(way));
    return { by, to, ways };
  }
}
