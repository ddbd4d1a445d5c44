import { CrosshostError, isCode } from "../errors";
import type { RunContext } from "../run/context";
import { settleAll } from "../settleAll";
import type { Connection } from "../ssh/connection";
import type { Host } from "../ssh/host";
import { hostId } from "../ssh/hostId";
import type { Deadline } from "../wait";
import { asking, HostLost } from "./hostLost";
import type { Subject } from "./proof";
import { type Endpoint, endpointIn, endpointsOn, type Member, membersOf, type Unshown } from "./survey";

/**
 * Who is on a network, as a run knows it: its hosts that answer, and the endpoints of containers that run there. A host is
 * asked again only where that may have changed, since every container of an `up` looks at all of them.
 */
export class Roster {
  members: Member[] = [];
  endpoints: Endpoint[] = [];
  /** Containers on the network whose engines do not show that, by their hosts. */
  private readonly unshownOn = new Map<string, readonly Unshown[]>();
  /** Hosts that do not answer, and why. */
  readonly unreached = new Map<string, string>();
  private readonly connections = new Map<string, Connection>();
  /** The hosts of the containers that were entered, by the containers' ids. */
  private readonly entered = new Map<string, string>();
  private readonly outdated = new Set<string>();
  /** Endpoints of containers that were entered since hosts were last listed. */
  private joined: Endpoint[] = [];
  /** How many hosts were lost that are to be connected to once more. */
  returning = 0;
  private readonly lost = new Map<string, HostLost>();
  /** Those lost since the last look began. */
  private readonly lostMeanwhile = new Set<string>();
  private deadline!: Deadline;

  constructor(
    private readonly run: RunContext,
    private readonly network: { id: string; name: string },
  ) {}

  /** Enters a container that has joined, and so its host, which is there. Returns its endpoint, where that is known. */
  enter({ connection, container, host, name, shown }: Subject, deadline: Deadline): Endpoint | undefined {
    this.connections.set(host, connection);
    this.entered.set(container, host);
    this.unreached.delete(host);
    this.deadline = deadline;
    const found = shown && endpointIn(this.network.id, shown.endpoints);
    const endpoint = found && { host, container, name, labels: shown.labels, ...found };
    this.joined = this.joined.filter((one) => one.container !== container);
    if (endpoint) this.joined.push(endpoint);
    else this.outdated.add(host);
    return endpoint;
  }

  /** A host's endpoints may be others than they were. */
  expire(host: string): void {
    this.outdated.add(host);
  }

  /** Looks at hosts that were not asked yet, where containers are missing, and where endpoints may be others. */
  async look(): Promise<void> {
    this.lostMeanwhile.clear();
    const [anyHost] = this.connections.keys();
    const hosts = new Map(this.run.peers.hostsOf(this.network.name, anyHost).map((one) => [hostId(one), one]));
    for (const [id, connection] of this.connections) hosts.set(id, connection);
    const members = await membersOf(this.run, [...hosts.values()], this.unreached, this.deadline);
    // What joins from here on may be missing from the lists.
    const joined = this.joined.splice(0);
    // What is known may be newer than what was shown: a container is connected anew to be healed.
    for (const { container, id, host } of joined) {
      const known = this.endpoints.find((one) => one.container === container);
      if (known && known.id !== id) this.outdated.add(host);
    }
    const outdated = new Set(this.takeOutdated(joined));
    const isKnown = ({ id }: Member) => !outdated.has(id) && this.members.some((member) => member.id === id);
    const known = members.filter(isKnown);
    const kept = new Map(known.map(({ id }) => [id, this.knownOn(id, joined)]));
    const asked = members.filter((member) => !known.includes(member));
    try {
      const fresh = await settleAll(asked.map((member) => this.endpointsOn(member)));
      // An address that came to another host is no longer where it was.
      const newcomers = [...joined, ...fresh.flatMap((found) => (found instanceof HostLost ? [] : found))];
      const holders = new Map(newcomers.map(({ address, id }) => [address, id]));
      const hasMoved = ({ address, id }: Endpoint) => holders.has(address) && holders.get(address) !== id;
      const left = known.filter(({ id }) => kept.get(id)!.some(hasMoved));
      const again = await settleAll(left.map((member) => this.endpointsOn(member)));
      for (const { id } of left) kept.delete(id);
      const lists = [...kept.values(), ...fresh, ...again];
      // At once: whoever asks meanwhile must find the host of each endpoint.
      this.members = members.filter(({ id }) => !this.lostMeanwhile.has(id));
      const found = lists.flatMap((list) => (list instanceof HostLost ? [] : list));
      this.endpoints = found.filter(({ host }) => !this.lostMeanwhile.has(host));
      for (const lost of lists) if (lost instanceof HostLost) this.lose(lost);
    } catch (error) {
      for (const id of outdated) this.outdated.add(id);
      this.joined.unshift(...joined.filter(({ container }) => !this.joined.some((one) => one.container === container)));
      throw error;
    }
  }

  /** Containers on the network whose engines do not show that. */
  get unshown(): Unshown[] {
    const listed = this.members.flatMap(({ id }) => this.unshownOn.get(id) ?? []);
    return listed.filter(({ container }) => !this.has(container));
  }

  /** Whether a container is on the network. */
  has(container: string): boolean {
    return this.endpoints.some((endpoint) => endpoint.container === container);
  }

  /** Which of the containers that were entered it is, the first of them 0; -1 for one that was not. */
  turnOf(container: string): number {
    return [...this.entered.keys()].indexOf(container);
  }

  /** The other endpoints that have a container's address. */
  duplicatesOf(container: string): Endpoint[] {
    const own = this.endpoints.find((endpoint) => endpoint.container === container);
    return this.endpoints.filter(({ address, id }) => address === own?.address && id !== own.id);
  }

  /** A host that answered the last look; one that has gone since then is lost. */
  member(id: string): Member {
    const found = this.members.find((member) => member.id === id);
    if (found) return found;
    const reason = this.unreached.get(id) ?? "it is not reached any more";
    throw this.lost.get(id) ?? new HostLost(id, new CrosshostError(reason, { code: "not-ready" }));
  }

  /** What a host that answers is reached by; another one after it was connected to once more. */
  current(id: string): Host | undefined {
    return this.members.find((member) => member.id === id)?.host;
  }

  /** Leaves a host out that does not answer any more; where only its connection was lost, it is connected to once more. */
  lose(lost: HostLost): void {
    const { id, isPassing, reason } = lost;
    // One loss shows in everything that is going on there.
    if (!this.members.some((member) => member.id === id)) return;
    const isFirst = !this.lost.has(id);
    this.lost.set(id, lost);
    this.lostMeanwhile.add(id);
    this.members = this.members.filter((member) => member.id !== id);
    this.endpoints = this.endpoints.filter(({ host }) => host !== id);
    // A look that goes on has it still.
    this.outdated.add(id);
    if (isPassing && isFirst) this.returning++;
    else this.unreached.set(id, reason);
  }

  /** What was lost of a host, the last time that something was. */
  lossOf(id: string): HostLost | undefined {
    return this.lost.get(id);
  }

  /** What is known to be on a host without asking it: those that joined are not what they were before. */
  private knownOn(id: string, joined: readonly Endpoint[]): Endpoint[] {
    const others = this.endpoints.filter((one) => !joined.some(({ container }) => container === one.container));
    return [...others, ...joined].filter(({ host }) => host === id);
  }

  private takeOutdated(joined: readonly Endpoint[]): string[] {
    const isMissing = (container: string) => !this.has(container) && !joined.some((one) => one.container === container);
    const missing = [...this.entered].flatMap(([container, host]) => (isMissing(container) ? [host] : []));
    const outdated = [...this.outdated, ...missing];
    this.outdated.clear();
    return outdated;
  }

  private async endpointsOn(member: Member): Promise<Endpoint[] | HostLost> {
    try {
      const { endpoints, unshown } = await asking(member.id, () => endpointsOn(member, this.network));
      this.unshownOn.set(member.id, unshown);
      return endpoints;
    } catch (error) {
      if (error instanceof HostLost) return error;
      if (!isCode(error, "no-permission")) throw error;
      return new HostLost(member.id, error as CrosshostError);
    }
  }
}
