import { isCode } from "../errors";
import { settleAll } from "../settleAll";
import { type Corrections, leadsAstray } from "./correct";
import { wrongEntriesFor, wrongEntriesOf } from "./ends";
import { type Entries, entriesOfAll, tunnelOf } from "./facts";
import type { Forwarding } from "./forwarding";
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

  /**
   * Puts those right that are known of an endpoint that joins, before anything is sent on them. What is not known, or cannot
   * be put right, is seen when packets are sent in vain.
   */
  async foresee(endpoint: Endpoint): Promise<void> {
    const { roster } = this.mesh;
    // Where another one has the address, or this container another endpoint, the entries may well be right.
    const isUsual = ({ id, address, container }: Endpoint) =>
      id === endpoint.id || (address !== endpoint.address && container !== endpoint.container);
    const known = [...this.seen.values()].filter(
      ({ member, forwarding }) => roster.current(member.id) === member.host && hasOneVxlan(forwarding),
    );
    if (known.length === 0 || !roster.current(endpoint.host) || !roster.endpoints.every(isUsual)) return;
    const tunnel = await this.tunnelOf(endpoint.host);
    const wrong = known.flatMap((at) => wrongEntriesFor(endpoint, at, tunnel)).filter(leadsAstray);
    try {
      await this.corrections.makeStale(wrong);
    } catch (error) {
      if (!isCode(error, "command-failed")) throw error;
    } finally {
      for (const { at } of wrong) forget(at, endpoint);
    }
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

/** A namespace that was made anew since it was read may have given the numbers of several VXLANs to other subnets. */
function hasOneVxlan(known: Forwarding | undefined): boolean {
  const entries = [...(known?.neighbours.values() ?? []), ...(known?.destinations.values() ?? [])];
  return new Set(entries.map(({ device }) => device)).size === 1;
}

/** What was put right is no more as it was read. */
function forget({ forwarding }: Entries, { address, macAddress }: Endpoint): void {
  forwarding?.neighbours.delete(address);
  forwarding?.destinations.delete(macAddress.toLowerCase());
}
