import type { Lab } from "../lab";
import { addressIn, type Pinged, type Place, pingFrom } from "../lab/packets";

export interface Ping extends Pinged {
  from: string;
  to: string;
  /** The network it goes over; undefined where a name decides. */
  network?: string;
  target: string;
  sent: number;
}

/** Pings from every container of the example to every other one on another host, over each network. */
export async function pingAll(lab: Lab, networks: string[], count: number): Promise<Ping[]> {
  const pairs = pairsOf(lab).flatMap(([from, to]) => networks.map((network) => ({ from, to, network })));
  const pings: Ping[] = [];
  // One after the other: the round-trip times are the networks', not those of a busy machine.
  for (const { from, to, network } of pairs) {
    const target = await addressIn(to, network);
    const pinged = await pingFrom(from, target, count);
    pings.push({ ...pinged, from: from.container, to: to.container, network, target, sent: count });
  }
  return pings;
}

/** What a name leads to from inside a container, and whether packets come back from there. */
export interface Resolved {
  from: string;
  name: string;
  /** Undefined when the name is unknown there. */
  address?: string;
  answered: boolean;
}

/** Asks in every container of the example for `web`, which all of them answer to, and for the others' own names. */
export async function resolveAll(lab: Lab): Promise<Resolved[]> {
  const asked = pairsOf(lab).flatMap(([from, to]) => [to.container, "web"].map((name) => ({ from, name })));
  return await Promise.all(asked.map(({ from, name }) => resolveName(from, name)));
}

async function resolveName({ host, container }: Place, name: string): Promise<Resolved> {
  const { stdout, exitCode } = await host.ssh(["docker", "exec", container, "ping", "-c", "1", "-W", "2", name]);
  return { from: container, name, address: /^PING \S+ \(([\d.]+)\)/.exec(stdout)?.[1], answered: exitCode === 0 };
}

/** The example's containers, each with each on another host. */
function pairsOf(lab: Lab): [Place, Place][] {
  const places = lab.hosts.map((host) => ({ host, container: `web${host.number}` }));
  return places.flatMap((from) => places.filter((to) => to !== from).map((to): [Place, Place] => [from, to]));
}
