import { settleAll } from "../settleAll";
import type { Clock } from "../wait";
import { between, beyond, type Counters, countersOf } from "./counters";
import { asking } from "./hostLost";
import type { Mesh } from "./mesh";
import type { Endpoint } from "./survey";
import type { Way } from "./ways";

/** The least that IPv4 has to carry. */
export const SMALL = 68;

/** Milliseconds of a look at what is counted without any packets of the proof. */
const USUAL = 1_500;

/**
 * Sends packets on a way, and says by what the kernels at both its ends count where they stay; undefined where that explains
 * nothing. Nothing else of the proof is sent meanwhile, and what others send all the time does not count.
 */
export function lostInTunnel(mesh: Mesh, { by, to }: Way, clock: Clock): Promise<string | undefined> {
  const count = async (end: Endpoint) => {
    const vantage = await mesh.vantageOf(end);
    return await asking(end.host, () => countersOf(vantage, mesh.network.id));
  };
  const look = async () => ({ at: clock.now(), counted: await settleAll([by, to].map(count)) });
  return mesh.alone(async () => {
    const first = await look();
    await clock.sleep(USUAL);
    const before = await look();
    const answers = await mesh.probeFrom(by, [{ address: to.address }], { packet: SMALL });
    const after = await look();
    const factor = (after.at - before.at) / (before.at - first.at);
    const [here, there] = after.counted.map((counted, i) => {
      const usual = between(first.counted[i]!, before.counted[i]!);
      return beyond(between(before.counted[i]!, counted), usual, factor);
    }) as [Counters, Counters];
    const packets = "unable" in answers ? 0 : (answers.get(to.address)?.sent ?? 0);
    const isOpen = await answersBack(mesh, { by, to });
    return whereLost({ from: by.host, to: to.host, container: to.name, packets, here, there, isOpen });
  });
}

/** Whether packets of the other end find their way, and their answers back: then nothing between the hosts is closed. */
export async function answersBack(mesh: Mesh, { by, to }: Pick<Way, "by" | "to">): Promise<boolean> {
  const answers = await mesh.probeFrom(to, [{ address: by.address }], { packet: SMALL });
  return !("unable" in answers) && (answers.get(by.address)?.answered ?? false);
}

/** What is known of packets that were sent in vain from one host to a container on another. */
export interface Lost {
  from: string;
  to: string;
  /** The name of the container that was to answer. */
  container: string;
  /** How many were sent, at the least. */
  packets: number;
  /** What was counted at both ends meanwhile, beyond what is there anyway. */
  here: Counters;
  there: Counters;
  /** Whether packets from there were answered here. */
  isOpen: boolean;
}

export function whereLost({ from, to, container, packets, here, there, isOpen }: Lost): string | undefined {
  if (packets === 0) return undefined;
  if (there.asked > 0) {
    if (there.answered === 0) return dropped(container, to);
    if (isOpen) return undefined;
    return closed(to, from, Math.min(packets, there.answered), there);
  }
  // Other packets may have come meanwhile, but hardly as many.
  if (there.reached >= packets) return dropped(container, to);
  if (!isOpen && there.received < packets) return closed(from, to, packets, here);
  return strayed(from, to, container, here.sent < packets ? from : to);
}

function strayed(from: string, to: string, container: string, host: string): string {
  return `engine: the VXLAN between ${from} and ${to} is open, and packets do not find ${container} all the same; restart docker on ${host}`;
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
