import { settleAll } from "../settleAll";
import { type Corrections, leadsAstray } from "./correct";
import { wrongEntriesFor, wrongEntriesOf } from "./ends";
import { type Entries, entriesOfAll, tunnelOf } from "./facts";
import { asking } from "./hostLost";
import type { Mesh } from "./mesh";
import type { Endpoint } from "./survey";
import { hostsOf } from "./ways";

/**
 * Entries of a network that lead elsewhere, which need not be waited for to come right by themselves. An engine that makes a
 * namespace fills it with all that it has heard, and what it has been told when one of its containers looked for another one:
 * that it is to be found on this very host, too. It keeps that when it hears otherwise.
 */
export class StaleEntries {
  private readonly tunnels = new Map<string, string>();
  /** What hosts had when they were last read. */
  private readonly seen = new Map<string, Entries>();
  private seenFailures: number | undefined;

  constructor(
    private readonly mesh: Mesh,
    private readonly corrections: Corrections,
  ) {}

  /** Looks for them where packets were sent in vain. Returns whether some were put right. */
  async correct(): Promise<boolean> {
    // Nothing new is known before packets are sent in vain again.
    if (this.seenFailures === this.mesh.failures) return false;
    this.seenFailures = this.mesh.failures;
    const ways = this.mesh.openToOurs();
    const tunnels = await settleAll(hostsOf(ways).map(async (id) => [id, await this.tunnelOf(id)] as const));
    const entries = await entriesOfAll(this.mesh, new Map(tunnels));
    for (const [id, one] of entries) this.seen.set(id, one);
    const wrong = ways.map((way) => wrongEntriesOf(way, entries));
    // That an entry is missing may just as well mean that the endpoint is no more.
    ways.forEach((way, i) => {
      if (wrong[i]!.some(leadsAstray)) way.isDoubtful = false;
    });
    return await this.corrections.makeStale(wrong.flat());
  }

  /** Puts those right that are known of an endpoint that joins, before anything is sent on them. */
  async foresee(endpoint: Endpoint): Promise<void> {
    const { roster } = this.mesh;
    const known = [...this.seen.values()].filter(({ member }) => roster.current(member.id) === member.host);
    // Where nothing is known it is seen when packets are sent in vain.
    if (known.length === 0 || !roster.current(endpoint.host)) return;
    const tunnel = await this.tunnelOf(endpoint.host);
    await this.corrections.makeStale(known.flatMap((at) => wrongEntriesFor(endpoint, at, tunnel)));
  }

  /** Where it is asked again and again, once in a run: who changes it restarts the engine before its containers come. */
  private async tunnelOf(id: string): Promise<string> {
    const known = this.tunnels.get(id);
    if (known !== undefined) return known;
    const tunnel = await asking(id, () => tunnelOf(this.mesh.roster.member(id)));
    this.tunnels.set(id, tunnel);
    return tunnel;
  }
}
