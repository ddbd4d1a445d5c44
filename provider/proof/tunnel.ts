import { between, type Counters, countersOf } from "./counters";
import type { Mesh, Way } from "./mesh";
import { probe } from "./probe";

/** The least that IPv4 has to carry. */
export const SMALL = 68;

/** Sends packets on a way, and says by what the kernels at both its ends count where they stay; undefined where that explains nothing. */
export async function lostInTunnel(mesh: Mesh, { by, to }: Way): Promise<string | undefined> {
  const vantages = await Promise.all([by, to].map((end) => mesh.vantageOf(end)));
  const look = () => Promise.all(vantages.map((vantage) => countersOf(vantage, mesh.network.id)));
  const before = await look();
  const answers = await probe(vantages[0]!, [{ address: to.address }], SMALL);
  const [here, there] = (await look()).map((after, i) => between(before[i]!, after)) as [Counters, Counters];
  const packets = "unable" in answers ? 0 : (answers.get(to.address)?.sent ?? 0);
  return whereLost({ from: by.host, to: to.host, container: to.name, packets, here, there });
}

/** What is known of packets that were sent in vain from one host to a container on another. */
export interface Lost {
  from: string;
  to: string;
  /** The name of the container that was to answer. */
  container: string;
  /** How many were sent, at the least. */
  packets: number;
  /** What was counted at both ends meanwhile, other traffic included. */
  here: Counters;
  there: Counters;
}

export function whereLost({ from, to, container, packets, here, there }: Lost): string | undefined {
  if (packets === 0) return undefined;
  if (there.asked > 0) {
    if (there.answered === 0) return dropped(container, to);
    return closed(to, from, Math.min(packets, there.answered), there);
  }
  // Other packets may have come meanwhile, but hardly as many.
  return there.reached < packets ? closed(from, to, packets, here) : dropped(container, to);
}

function dropped(container: string, host: string): string {
  return `container: packets arrive on ${host}, and ${container} does not answer; does it drop them itself?`;
}

/** A VXLAN that has sent nothing but what it kept was not let out of its own host. */
function closed(from: string, to: string, packets: number, { sent, kept }: Counters): string | undefined {
  if (kept >= packets) {
    return `VXLAN: ${from} lets none of ${packets} packets to port 4789/udp of ${to} out; its own firewall has to let 4789/udp pass`;
  }
  if (sent < packets) return undefined;
  return `VXLAN: of ${packets} packets that ${from} sent to port 4789/udp of ${to} none arrived; a firewall of one of the hosts, or between them, has to let 4789/udp pass`;
}
