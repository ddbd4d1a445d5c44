import type { Vantage } from "./probe";
import { counters } from "./scripts";

/** What a host's kernel counted on a network's way through its VXLAN and into one sandbox. */
export interface Counters {
  /** Packets that the VXLAN has sent to the other hosts. */
  sent: number;
  /** Those that the host itself did not let go there: its firewall, for one. They are not among the sent ones. */
  kept: number;
  /** IPv4 packets that came to the sandbox, before anything in it could drop them. */
  reached: number;
  /** The questions of a proof that came to the sandbox, and the answers that it gave. */
  asked: number;
  answered: number;
}

export async function countersOf({ host, sandboxKey }: Vantage, networkId: string): Promise<Counters> {
  const args = [networkId.slice(0, 10), sandboxKey];
  const { stdout } = await host.run({ name: "read how many packets went and came", text: counters, args });
  return parseCounters(stdout);
}

/** Reads `ip -s link show type vxlan`, and /proc/net/snmp, where a line of names comes before one of numbers. */
export function parseCounters(text: string): Counters {
  const [, sent, kept] = /^\s+TX: .*\n\s+\d+\s+(\d+)\s+\d+\s+(\d+)/m.exec(text) ?? [];
  const count = (protocol: string, name: string) => {
    const [names = [], numbers = []] = [...text.matchAll(new RegExp(`^${protocol}: (.*)$`, "gm"))].map(([, words]) =>
      words!.split(" "),
    );
    return Number(numbers[names.indexOf(name)] ?? 0);
  };
  return {
    sent: Number(sent ?? 0),
    kept: Number(kept ?? 0),
    reached: count("Ip", "InReceives"),
    // A ping, or from hosts without one a datagram to a closed port.
    asked: count("Icmp", "InEchos") + count("Udp", "NoPorts"),
    answered: count("Icmp", "OutEchoReps") + count("Icmp", "OutDestUnreachs"),
  };
}

/** What was counted between two looks. */
export function between(before: Counters, after: Counters): Counters {
  const { sent, kept, reached, asked, answered } = after;
  return {
    sent: sent - before.sent,
    kept: kept - before.kept,
    reached: reached - before.reached,
    asked: asked - before.asked,
    answered: answered - before.answered,
  };
}
