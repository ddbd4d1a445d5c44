import type { Endpoint } from "./survey";

/** A way that packets have to find: from a host to an endpoint on another one, and back. */
export interface Way {
  from: string;
  to: Endpoint;
  /** The endpoint that was last asked to send there. */
  by: Endpoint;
  /** How often it was tried without an answer. */
  failures: number;
  /** Whether that was for longer once, since something was last done about it. */
  wasPatient: boolean;
  /** What the last try said. */
  said: string;
  /** Whether nothing explains it: its ends may be others than they were. */
  isDoubtful: boolean;
}

export type Ends = Pick<Way, "from" | "to">;

/** Which ways were proven, and which were tried in vain. */
export class Ways {
  private readonly proven = new Set<string>();
  private readonly failing = new Map<string, Way>();

  isProven(from: string, to: Endpoint): boolean {
    return this.proven.has(keyOf({ from, to }));
  }

  settle(from: string, to: Endpoint): void {
    this.proven.add(keyOf({ from, to }));
    this.failing.delete(keyOf({ from, to }));
  }

  fail(way: Omit<Way, "failures" | "isDoubtful">): void {
    const key = keyOf(way);
    if (this.proven.has(key)) return;
    const wasPatient = way.wasPatient || (this.failing.get(key)?.wasPatient ?? false);
    this.failing.set(key, { ...way, wasPatient, isDoubtful: true, failures: this.failuresOf(way.from, way.to) + 1 });
  }

  failuresOf(from: string, to: Endpoint): number {
    return this.failing.get(keyOf({ from, to }))?.failures ?? 0;
  }

  silent(): Way[] {
    return [...this.failing.values()];
  }
}

/** Two hosts, whichever begins. */
export function pairOf(one: string, other: string): string {
  return [one, other].sort().join(" ");
}

export function keyOf({ from, to }: Ends): string {
  return `${from} ${to.id}`;
}

/** The ids of the hosts at the ends of ways. */
export function hostsOf(ways: readonly Ends[]): string[] {
  return [...new Set(ways.flatMap(({ from, to }) => [from, to.host]))];
}
