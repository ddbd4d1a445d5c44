import { Coalesced } from "../run/coalesced";
import type { RunContext } from "../run/context";
import type { Deadline } from "../wait";
import { endsOf, wrongEntriesOf } from "./ends";
import { type Facts, factsOf } from "./facts";
import { astray, redirect, wrongEntries } from "./forwarding";
import { gossipBlocked } from "./gossipPath";
import type { Mesh, Way } from "./mesh";
import { probe } from "./probe";
import { reconnectAll } from "./reconnect";
import type { Endpoint } from "./survey";

/** Longer than one heartbeat of the engines' discovery, after which one that lost its store has joined the gossip. */
const GOSSIP_PATIENCE = 30_000;

/**
 * Repairs in place what engines leave dead, one network's, each host and each endpoint at most once in a run; whoever needs
 * it while it is being done waits for it.
 */
export class Mender {
  private readonly renewed = new Set<string>();
  private readonly reconnected = new Set<string>();
  private readonly redirected = new Set<string>();
  private readonly filtering = new Set<string>();
  private deadline!: Deadline;
  private mayTouch = false;
  private readonly work = new Coalesced(async () => {
    if (await this.mend()) this.steps++;
  });
  /** How often something was done: for whoever waits for a proof, everything begins anew then, whoever asked for it. */
  steps = 0;

  constructor(
    private readonly run: RunContext,
    private readonly mesh: Mesh,
  ) {}

  /**
   * Does one thing about the ways that are not proven, if there is one left. Unless `mayTouch`, it only finds out which of
   * them are proven by something else than packets.
   */
  try(deadline: Deadline, { mayTouch }: { mayTouch: boolean }): Promise<void> {
    this.deadline = deadline;
    this.mayTouch ||= mayTouch;
    return this.work.run();
  }

  private async mend(): Promise<boolean> {
    const ways = this.mesh.open().filter(({ to }) => this.mesh.isOurs(to));
    if (ways.length === 0) return false;
    const ids = [...new Set(ways.flatMap(({ from, to }) => [from, to.host]))];
    const facts = new Map(await Promise.all(ids.map(async (id) => [id, await factsOf(this.mesh, id)] as const)));
    const settled = await this.settleFiltering(ways, facts);
    if (settled || !this.mayTouch) return settled;
    if (await this.awaitGossip([...facts.values()])) return true;
    // What the engines cannot tell each other they will not know after a reconnect either.
    const heard = await this.waysWithGossip(ways, facts);
    if (await this.redirectEntries(heard, facts)) return true;
    return (await this.renewNamespaces(heard, facts)) || (await this.reconnectEndpoints(heard, facts));
  }

  /** Who does not even answer itself lets no ICMP in; there the entries at both ends have to do. */
  private async settleFiltering(ways: readonly Way[], facts: ReadonlyMap<string, Facts>): Promise<boolean> {
    const ends = [...new Map(ways.flatMap(({ by, to }) => [by, to]).map((end) => [end.id, end])).values()];
    const silent = await Promise.all(ends.map(async (end) => ((await this.answersItself(end)) ? [] : [end.id])));
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
    const { packet } = this.mesh.network;
    const answers = await probe(await this.mesh.vantageOf(endpoint), [endpoint], packet);
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
    await Promise.all(
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
    const blocked = await Promise.all(
      [...pairs].map(async (pair) => {
        const [from, to] = pair.split(" ").map((id) => facts.get(id)!) as [Facts, Facts];
        return (await gossipBlocked(from.member.host, to.tunnel, this.deadline.clock)) === undefined ? [] : [pair];
      }),
    );
    const closed = new Set(blocked.flat());
    return ways.filter(({ from, to }) => !closed.has(`${from} ${to.host}`) && !closed.has(`${to.host} ${from}`));
  }

  /** An engine that is not told that an address left one host before it hears of it on another goes on sending to the first. */
  private async redirectEntries(ways: readonly Way[], facts: ReadonlyMap<string, Facts>): Promise<boolean> {
    const stale = new Map<string, { at: Facts; to: Endpoint; device: string; tunnel: string }>();
    for (const { at, other, tunnel } of ways.flatMap((way) => endsOf(way, facts))) {
      const device = astray(at.forwarding, other, tunnel);
      const key = `${at.member.id} ${other.id}`;
      if (device !== undefined && !this.redirected.has(key)) stale.set(key, { at, to: other, device, tunnel });
    }
    await Promise.all(
      [...stale].map(
        async ([
          key,
          {
            at: { member, forwarding },
            to,
            device,
            tunnel,
          },
        ]) => {
          this.redirected.add(key);
          const { id, name } = this.mesh.network;
          const what = wrongEntries(forwarding, to, tunnel);
          this.run.progress(member.id, `healing "${name}": its engine ${what}; putting that entry right`);
          await redirect(member, id, { device, macAddress: to.macAddress, tunnel });
        },
      ),
    );
    return stale.size > 0;
  }

  /** A namespace that was set up before the gossip formed never asks where an address is: only a new one does. */
  private async renewNamespaces(ways: readonly Way[], facts: ReadonlyMap<string, Facts>): Promise<boolean> {
    const broken = new Map(ways.flatMap((way) => wrongEntriesOf(way, facts).map((wrong) => [wrong.host, wrong.what])));
    const fresh = [...broken].filter(([id]) => !this.renewed.has(id) && this.foreignOn(id).length === 0);
    await Promise.all(
      fresh.map(async ([id, what]) => {
        this.renewed.add(id);
        const locals = this.mesh.endpoints.filter(({ host }) => host === id);
        await this.reconnect(id, locals, `its engine ${what}`);
      }),
    );
    return fresh.length > 0;
  }

  /** An endpoint that was never announced is, when it joins again. */
  private async reconnectEndpoints(ways: readonly Way[], facts: ReadonlyMap<string, Facts>): Promise<boolean> {
    const dead = new Map<string, { to: Endpoint; what: string }>();
    for (const way of ways) {
      const [wrong] = wrongEntriesOf(way, facts);
      if (!wrong || wrong.host !== way.from || this.reconnected.has(way.to.container)) continue;
      dead.set(way.to.id, { to: way.to, what: `the engine of ${way.from} ${wrong.what}` });
    }
    await Promise.all(
      [...dead.values()].map(async ({ to, what }) => {
        this.reconnected.add(to.container);
        await this.reconnect(to.host, [to], what);
      }),
    );
    return dead.size > 0;
  }

  private foreignOn(id: string): Endpoint[] {
    return this.mesh.endpoints.filter((endpoint) => endpoint.host === id && !this.mesh.isOurs(endpoint));
  }

  private async reconnect(id: string, endpoints: readonly Endpoint[], why: string): Promise<void> {
    const { connection, docker } = this.mesh.member(id)!;
    const { id: networkId, name } = this.mesh.network;
    const names = endpoints.map((endpoint) => `${endpoint.name} (${endpoint.address})`).join(", ");
    this.run.progress(id, `healing "${name}": ${why}; connecting ${names} again at the same address`);
    const containers = endpoints.map(({ container }) => container);
    await this.run.engineGate(connection).shared(() => reconnectAll(docker, networkId, containers));
  }
}
