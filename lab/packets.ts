import type { LabHost } from "./host";
import type { Lab } from "./lab";

/** Where a container of the lab is, and what it has. */
export interface Place {
  host: LabHost;
  container: string;
}

export async function addressIn({ host, container }: Place, network: string): Promise<string> {
  const format = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`;
  const { stdout, stderr, exitCode } = await host.ssh(["docker", "inspect", "--format", format, container]);
  if (exitCode !== 0) throw new Error(`${container} on ${host.name}: ${stderr}`);
  return stdout.trim();
}

export interface Pinged {
  /** How many packets came back. */
  received: number;
  /** Milliseconds: the shortest, the mean and the longest round trip; undefined when none came back. */
  roundTrip: { min: number; mean: number; max: number } | undefined;
}

/** Pings from inside a container to an address or a name. */
export async function pingFrom(from: Place, target: string, count: number): Promise<Pinged> {
  const { stdout } = await from.host.ssh([
    ...["docker", "exec", from.container, "ping", "-c", String(count), "-i", "0.2", "-W", "2", target],
  ]);
  const [, min, mean, max] = /min\/avg\/max = ([\d.]+)\/([\d.]+)\/([\d.]+)/.exec(stdout) ?? [];
  return {
    received: Number(/(\d+) packets received/.exec(stdout)?.[1] ?? 0),
    roundTrip: min === undefined ? undefined : { min: Number(min), mean: Number(mean), max: Number(max) },
  };
}

/** How many of `count` packets came back. */
export async function ping(from: Place, target: string, count = 3): Promise<number> {
  return (await pingFrom(from, target, count)).received;
}

/** Both ways between the web servers of an example, over each of its networks: "ov_net1 1→2" to packets of 3. */
export async function pingTable(lab: Lab, networks = ["ov_net1", "lan"]): Promise<Record<string, number>> {
  const places = lab.hosts.map((host) => ({ host, container: `web${host.number}` }));
  const table: Record<string, number> = {};
  for (const network of networks) {
    const addresses = await Promise.all(places.map((place) => addressIn(place, network)));
    // Whoever pings an address of its own pings itself.
    if (new Set(addresses).size < places.length)
      throw new Error(`${network}: one address twice: ${addresses.join(", ")}`);
    for (const [i, from] of places.entries()) {
      for (const [j, to] of places.entries()) {
        if (i !== j) table[`${network} ${from.host.number}→${to.host.number}`] = await ping(from, addresses[j]!);
      }
    }
  }
  return table;
}

/** What `pingTable` says when every packet between two hosts arrives. */
export const EVERY_PACKET = { "ov_net1 1→2": 3, "ov_net1 2→1": 3, "lan 1→2": 3, "lan 2→1": 3 };
