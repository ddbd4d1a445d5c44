import type { Vantage } from "./probe";
import { counters } from "./scripts";

/** What a host's kernel counted on a network's way through its VXLAN and into one sandbox. */
export interface Counters {
  /** Packets that the VXLAN has sent to the other hosts. */
  sent: number;
  /** Those that the host itself did not let go there: its firewall, for one. They are not among the sent ones. */
  kept: number;
  /** Packets that came out of the VXLAN, from whatever host. */
  received: number;
  /** IPv4 packets that came to the sandbox, before anything in it could drop them. */
  reached: number;
  /** The questions of a proof that came to the sandbox, and the answers that it gave. */
  asked: number;
  answered: number;
}

export async function countersOf({ host, sandboxKey }: Vantage, networkId: string): Promise<Counters> {
  const args = [networkId, sandboxKey];
  const { stdout } = await host.run({ name: "read how many packets went and came", text: counters, args });
  return parseCounters(stdout);
}

/** Reads `ip -s link show type vxlan`, of a network with several subnets more than one, and /proc/net/snmp, where a line of names comes before one of numbers. */
export function parseCounters(text: string): Counters {
  const ofVxlans = (direction: "RX" | "TX", column: number) =>
    [...text.matchAll(new RegExp(`^\\s+${direction}: .*\\n(.*)$`, "gm"))]
      .map(([, numbers]) => Number(numbers!.trim().split(/\s+/)[column] ?? 0))
      .reduce((sum, number) => sum + number, 0);
  const count = (protocol: string, name: string) => {
    const [names = [], numbers = []] = [...text.matchAll(new RegExp(`^${protocol}: (.*)$`, "gm"))].map(([, words]) =>
      words!.split(" "),
    );
    return Number(numbers[names.indexOf(name)] ?? 0);
  };
  return {
    sent: ofVxlans("TX", 1),
    kept: ofVxlans("TX", 3),
    received: ofVxlans("RX", 1),
    reached: count("Ip", "InReceives"),
    // A ping, or from hosts without one a datagram to a closed port.
    asked: count("Icmp", "InEchos") + count("Udp", "NoPorts"),
    answered: count("Icmp", "OutEchoReps") + count("Icmp", "OutDestUnreachs"),
  };
}

/** What was counted between two looks. */
export function between(before: Counters, after: Counters): Counters {
  const { sent, kept, received, reached, asked, answered } = after;
  return {
    sent: sent - before.sent,
    kept: kept - before.kept,
    received: received - before.received,
    reached: reached - before.reached,
    asked: asked - before.asked,
    answered: answered - before.answered,
  };
}

/** The same without the packets that others send there all the time. */
export function beyond(counted: Counters, usual: Counters, factor: number): Counters {
  const rest = (name: keyof Counters) => Math.max(0, Math.round(counted[name] - factor * usual[name]));
  return { ...counted, received: rest("received"), reached: rest("reached") };
}
