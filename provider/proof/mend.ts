import { Coalesced } from "../run/coalesced";
import type { RunContext } from "../run/context";
import { Gate } from "../run/gates";
import { settleAll } from "../settleAll";
import type { Deadline } from "../wait";
import { Corrections } from "./correct";
import { Duplicates } from "./duplicates";
import { type WrongEntries, wrongEntriesOf } from "./ends";
import { type Facts, factsOf, factsOfAll } from "./facts";
import { gossipBlocked } from "./gossipPath";
import { asking, HostLost, settleHosts } from "./hostLost";
import type { Mesh } from "./mesh";
import { reconnectAll } from "./reconnect";
import { StaleEntries } from "./stale";
import type { Endpoint } from "./survey";
import { answersBack } from "./tunnel";
import { UnshownEndpoints } from "./unshown";
import { hostsOf, type Way } from "./ways";

/** Longer than one heartbeat of the engines' discovery, after which one that lost its store has joined the gossip. */
const GOSSIP_PATIENCE = 30_000;

/**
 * Repairs in place what engines leave dead, one network's, each host and each endpoint at most once in a run; whoever needs
 * it while it is being done waits for it.
 */
export class Mender {
  private readonly renewed = new Set<string>();
  private readonly reconnected = new Set<string>();
  private readonly corrections: Corrections;
  private readonly stale: StaleEntries;
  private readonly duplicates: Duplicates;
  private readonly unshown: UnshownEndpoints;
  private readonly filtering = new Set<string>();
  private deadline!: Deadline;
  private mayTouch = false;
  /** Containers are taken off the network and connected again by one at a time. */
  private readonly hands = new Gate();
  private readonly work = new Coalesced(() => this.hands.exclusive(() => this.step(() => this.mend())));
  private readonly separation = new Coalesced(() =>
    this.hands.exclusive(() => this.treat(() => this.duplicates.separate())),
  );
  private readonly showing = new Coalesced(() => this.hands.exclusive(() => this.treat(() => this.unshown.show())));
  private readonly quickWork = new Coalesced(() => this.step(() => this.stale.correct()));
  /** How often something was done: for whoever waits for a proof, everything begins anew then, whoever asked for it. */
  steps = 0;

  constructor(
    private readonly run: RunContext,
    private readonly mesh: Mesh,
  ) {
    this.corrections = new Corrections(run, mesh);
    this.stale = new StaleEntries(mesh, this.corrections);
    this.duplicates = new Duplicates(run, mesh);
    this.unshown = new UnshownEndpoints(run, mesh);
  }

  /**
   * Does one thing about the ways that are not proven, if there is one left. Unless `mayTouch`, it only finds out which of
   * them are proven by something else than packets.
   */
  try(deadline: Deadline, { mayTouch }: { mayTouch: boolean }): Promise<void> {
    this.deadline = deadline;
    this.mayTouch ||= mayTouch;
    return this.work.run();
  }

  /** Puts entries right that lead elsewhere, which need not be waited for to come right by themselves. */
  tryStale(): Promise<void> {
    return this.quickWork.run();
  }

  /** Puts entries right that are known to lead elsewhere, for an endpoint that joins. */
  foresee(endpoint: Endpoint): Promise<void> {
    // Nobody has waited for them yet: that is no step.
    return this.step(async () => {
      await this.stale.foresee(endpoint);
      return false;
    });
  }

  /** Gives containers that have one address addresses of their own. Returns which. */
  separate(): Promise<readonly string[]> {
    return this.separation.run();
  }

  /** Has engines show the endpoints that they do not. Returns whose. */
  show(): Promise<readonly string[]> {
    return this.showing.run();
  }

  /** That a host is lost is a step, too: it changes which ways there are. */
  private async step(work: () => Promise<boolean>): Promise<void> {
    try {
      if (!(await work())) return;
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
      this.mesh.roster.lose(error);
    }
    this.steps++;
    this.mesh.beginAnew();
  }

  /** A step where any container was treated. Returns which. */
  private async treat(work: () => Promise<readonly string[]>): Promise<readonly string[]> {
    let treated: readonly string[] = [];
    await this.step(async () => {
      treated = await work();
      return treated.length > 0;
    });
    return treated;
  }

  private async mend(): Promise<boolean> {
    // One look that somebody was too busy for is no reason to touch anything.
    const ways = this.mesh.openToOurs().filter(({ failures }) => failures > 1);
    if (ways.length === 0) return false;
    const facts = await factsOfAll(this.mesh, hostsOf(ways));
    const settled = await this.settleFiltering(ways, facts);
    // Waiting touches nothing; a refresh right after a boot waits, too.
    if (settled || (await this.awaitGossip([...facts.values()]))) return true;
    if (!this.mayTouch) return false;
    // What the engines cannot tell each other they will not know after a reconnect either.
    const heard = await this.waysWithGossip(ways, facts);
    const wrong = heard.flatMap((way) => wrongEntriesOf(way, facts));
    if (await this.corrections.make(wrong)) return true;
    return (
      (await this.renewNamespaces(wrong)) ||
      (await this.reconnectUnknown(wrong)) ||
      (await this.reconnectSilent(heard.filter((way) => wrongEntriesOf(way, facts).length === 0)))
    );
  }

  /** Who does not even answer itself lets no ICMP in; there the entries at both ends have to do. */
  private async settleFiltering(ways: readonly Way[], facts: ReadonlyMap<string, Facts>): Promise<boolean> {
    const ends = [...new Map(ways.flatMap(({ by, to }) => [by, to]).map((end) => [end.id, end])).values()];
    const silent = await this.mesh.alone(() =>
      settleAll(ends.map(async (end) => ((await this.answersItself(end)) ? [] : [end.id]))),
    );
    let settled = false;
    for (const way of ways) {
      const filtering = [way.to, way.by].find(({ id }) => silent.flat().includes(id));
      const isBlind = [way.from, way.to.host].some((id) => facts.get(id)!.blind !== undefined);
      if (!filtering || isBlind || wrongEntriesOf(way, facts).length > 0) continue;
      if (!this.filtering.has(filtering.id)) {
        this.run.progress(
          filtering.host,
          `${filtering.name} lets no ICMP in on "${this.mesh.network.name}": proven by the forwarding entries of the hosts alone`,
        );
      }
      this.filtering.add(filtering.id);
      this.mesh.settle(way);
      settled = true;
    }
    return settled;
  }

  private async answersItself(endpoint: Endpoint): Promise<boolean> {
    const answers = await this.mesh.probeFrom(endpoint, [endpoint]);
    return "unable" in answers || (answers.get(endpoint.address)?.answered ?? false);
  }

  /** An endpoint that is attached before its engine is in the gossip is announced to nobody. */
  private async awaitGossip(facts: readonly Facts[]): Promise<boolean> {
    const waiting = facts.filter(({ hasGossip }) => !hasGossip);
    const key = (id: string) => `gossip ${id}`;
    const first = waiting.filter(({ member }) => !this.renewed.has(key(member.id)));
    if (first.length === 0) return false;
    const { clock } = this.deadline;
    const end = clock.now() + Math.min(GOSSIP_PATIENCE, this.deadline.remaining());
    await settleAll(
      first.map(async ({ member: { id } }) => {
        this.renewed.add(key(id));
        this.run.progress(id, `waiting for its engine to join the gossip on port 7946`);
        while (clock.now() < end && !(await factsOf(this.mesh, id)).hasGossip) await clock.sleep(500);
      }),
    );
    return true;
  }

  private async waysWithGossip(ways: readonly Way[], facts: ReadonlyMap<string, Facts>): Promise<Way[]> {
    const pairs = new Set(ways.flatMap(({ from, to }) => [`${from} ${to.host}`, `${to.host} ${from}`]));
    const blocked = await settleAll(
      [...pairs].map(async (pair) => {
        const [from, to] = pair.split(" ").map((id) => facts.get(id)!) as [Facts, Facts];
        const { id, host } = from.member;
        const closed = await asking(id, () => gossipBlocked(host, to.tunnel, this.deadline.clock));
        return closed === undefined ? [] : [pair];
      }),
    );
    const closed = new Set(blocked.flat());
    return ways.filter(({ from, to }) => !closed.has(`${from} ${to.host}`) && !closed.has(`${to.host} ${from}`));
  }

  /** A namespace that was set up before the gossip formed never asks where an address is: only a new one does. */
  private async renewNamespaces(wrong: readonly WrongEntries[]): Promise<boolean> {
    const broken = new Map(wrong.map(({ at, what }) => [at.member.id, what]));
    const fresh = [...broken].filter(([id]) => !this.renewed.has(id) && this.foreignOn(id).length === 0);
    await settleHosts(
      fresh.map(async ([id, what]) => {
        this.renewed.add(id);
        const locals = this.mesh.roster.endpoints.filter(({ host }) => host === id);
        await this.reconnect(id, locals, `its engine ${what}`);
      }),
    );
    return fresh.length > 0;
  }

  /** An endpoint that was never announced is, when it joins again. */
  private async reconnectUnknown(wrong: readonly WrongEntries[]): Promise<boolean> {
    return await this.reconnectEach(
      wrong
        .filter(({ at, endpoint }) => at.member.id !== endpoint.host)
        .map(({ at, endpoint, what }) => ({ to: endpoint, why: `the engine of ${at.member.id} ${what}` })),
    );
  }

  /** The last that can be done, where nothing is to be seen of what is wrong: between its host and the others the tunnel is open. */
  private async reconnectSilent(ways: readonly Way[]): Promise<boolean> {
    const fresh = ways.filter(({ to }) => !this.reconnected.has(to.container));
    const isOpen = await this.mesh.alone(() => settleAll(fresh.map((way) => answersBack(this.mesh, way))));
    const why = "packets from it find their way, and those to it do not";
    return await this.reconnectEach(fresh.filter((_, i) => isOpen[i]).map(({ to }) => ({ to, why })));
  }

  private async reconnectEach(found: readonly { to: Endpoint; why: string }[]): Promise<boolean> {
    const dead = new Map(found.filter(({ to }) => !this.reconnected.has(to.container)).map((one) => [one.to.id, one]));
    await settleHosts(
      [...dead.values()].map(async ({ to, why }) => {
        this.reconnected.add(to.container);
        await this.reconnect(to.host, [to], why);
      }),
    );
    return dead.size > 0;
  }

  private foreignOn(id: string): Endpoint[] {
    return this.mesh.roster.endpoints.filter((endpoint) => endpoint.host === id && !this.mesh.isOurs(endpoint));
  }

  private async reconnect(id: string, endpoints: readonly Endpoint[], why: string): Promise<void> {
    const { connection, docker } = this.mesh.roster.member(id);
    const { name } = this.mesh.network;
    const names = endpoints.map((endpoint) => `${endpoint.name} (${endpoint.address})`).join(", ");
    this.run.progress(id, `healing "${name}": ${why}; connecting ${names} again at the same address`);
    const again = () => reconnectAll(this.run, docker, this.mesh.network, endpoints);
    await this.run.engineGate(connection).shared(() => this.run.alone(endpoints, () => asking(id, again)));
    this.mesh.roster.expire(id);
  }
}
