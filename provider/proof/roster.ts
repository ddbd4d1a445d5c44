import { CrosshostError, isCode } from "../errors";
import type { RunContext } from "../run/context";
import { settleAll } from "../settleAll";
import type { Connection } from "../ssh/connection";
import { hostId } from "../ssh/hostId";
import type { Deadline } from "../wait";
import { asking, HostLost } from "./hostLost";
import type { Subject } from "./proof";
import { type Endpoint, endpointsOn, type Member, membersOf } from "./survey";

/**
 * Who is on a network, as a run knows it: its hosts that answer, and the endpoints of containers that run there. A host is
 * asked again only where that may have changed, since every container of an `up` looks at all of them.
 */
export class Roster {
  members: Member[] = [];
  endpoints: Endpoint[] = [];
  /** Hosts that do not answer, and why. */
  readonly unreached = new Map<string, string>();
  private readonly connections = new Map<string, Connection>();
  /** The hosts of the containers that were entered, by the containers' ids. */
  private readonly entered = new Map<string, string>();
  private readonly outdated = new Set<string>();
  private isReturning = false;
  private readonly lost = new Map<string, HostLost>();
  private deadline!: Deadline;

  constructor(
    private readonly run: RunContext,
    private readonly network: { id: string; name: string },
  ) {}

  /** Enters a container that has joined, and so its host, which is there. */
  enter({ connection, container, host }: Subject, deadline: Deadline): void {
    this.connections.set(host, connection);
    this.entered.set(container, host);
    this.outdated.add(host);
    this.unreached.delete(host);
    this.deadline = deadline;
  }

  /** Endpoints may be others than they were, on any host, or on one. */
  expire(host?: string): void {
    if (host !== undefined) this.outdated.add(host);
    else for (const { id } of this.members) this.outdated.add(id);
  }

  /** Looks at hosts that were not asked yet, where containers were entered or are missing, and at those that are `doubtful`. */
  async look(doubtful: readonly string[]): Promise<void> {
    const [anyHost] = this.connections.keys();
    const hosts = new Map(this.run.peers.hostsOf(this.network.name, anyHost).map((one) => [hostId(one), one]));
    for (const [id, connection] of this.connections) hosts.set(id, connection);
    const members = await membersOf(this.run, [...hosts.values()], this.unreached, this.deadline);
    const outdated = new Set([...this.takeOutdated(), ...doubtful]);
    const isKnown = ({ id }: Member) => !outdated.has(id) && this.members.some((member) => member.id === id);
    const known = members.filter(isKnown);
    const kept = new Map(known.map(({ id }) => [id, this.endpoints.filter(({ host }) => host === id)]));
    const asked = members.filter((member) => !known.includes(member));
    try {
      const fresh = await settleAll(asked.map((member) => this.endpointsOn(member)));
      // An address that came to another host is no longer where it was.
      const taken = new Set(
        fresh.flatMap((found) => (found instanceof HostLost ? [] : found.map(({ address }) => address))),
      );
      const left = known.filter(({ id }) => kept.get(id)!.some(({ address }) => taken.has(address)));
      const again = await settleAll(left.map((member) => this.endpointsOn(member)));
      for (const { id } of left) kept.delete(id);
      const lists = [...kept.values(), ...fresh, ...again];
      // At once: whoever asks meanwhile must find the host of each endpoint.
      this.members = members;
      this.endpoints = lists.flatMap((found) => (found instanceof HostLost ? [] : found));
      for (const lost of lists) if (lost instanceof HostLost) this.lose(lost);
    } catch (error) {
      for (const id of outdated) this.outdated.add(id);
      throw error;
    }
  }

  /** Whether a container is on the network. */
  has(container: string): boolean {
    return this.endpoints.some((endpoint) => endpoint.container === container);
  }

  /** A host that answered the last look; one that has gone since then is lost. */
  member(id: string): Member {
    const found = this.members.find((member) => member.id === id);
    if (found) return found;
    const reason = this.unreached.get(id) ?? "it is not reached any more";
    throw this.lost.get(id) ?? new HostLost(id, new CrosshostError(reason, { code: "not-ready" }));
  }

  /** Leaves a host out that does not answer any more; where only its connection was lost, it is connected to once more. */
  lose(lost: HostLost): void {
    const { id, isPassing, reason } = lost;
    // One loss shows in everything that is going on there.
    if (!this.members.some((member) => member.id === id)) return;
    const isFirst = !this.lost.has(id);
    this.lost.set(id, lost);
    this.members = this.members.filter((member) => member.id !== id);
    this.endpoints = this.endpoints.filter(({ host }) => host !== id);
    // A look that goes on has it still.
    this.outdated.add(id);
    if (isPassing && isFirst) this.isReturning = true;
    else this.unreached.set(id, reason);
  }

  /** Whether there is a host now that is to be connected to once more. */
  takeReturning(): boolean {
    const is = this.isReturning;
    this.isReturning = false;
    return is;
  }

  /** What was lost of a host, the last time that something was. */
  lossOf(id: string): HostLost | undefined {
    return this.lost.get(id);
  }

  private takeOutdated(): string[] {
    const missing = [...this.entered].flatMap(([container, host]) => (this.has(container) ? [] : [host]));
    const outdated = [...this.outdated, ...missing];
    this.outdated.clear();
    return outdated;
  }

  private async endpointsOn(member: Member): Promise<Endpoint[] | HostLost> {
    try {
      return await asking(member.id, () => endpointsOn(member, this.network.id));
    } catch (error) {
      if (error instanceof HostLost) return error;
      if (!isCode(error, "no-permission")) throw error;
      return new HostLost(member.id, error as CrosshostError);
    }
  }
}
