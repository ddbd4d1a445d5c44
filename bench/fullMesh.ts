import type { Lab } from "../lab";

/** In a container: sends a packet to each address, all at once, a second one where that host was too busy, and says who is silent. */
const ask = 'for to; do { ping -c 1 -W 2 "$to" || ping -c 1 -W 2 "$to"; } > /dev/null || echo "$to" & done; wait';

/** What came of asking each container on a network from each other one. */
export interface FullMesh {
  /** How many ways there are. */
  ways: number;
  /** `<container> to <address>` of those without an answer. */
  unanswered: string[];
}

/** Asks every container of a lab for every other one on a network, by its own ping. */
export async function fullMesh(lab: Lab, network: string): Promise<FullMesh> {
  const hosts = await Promise.all(
    lab.hosts.map(async (host) => {
      const { stdout } = await host.ssh(["docker", "network", "inspect", network]);
      const [{ Containers }] = JSON.parse(stdout) as [
        { Containers: Record<string, { Name: string; IPv4Address: string }> },
      ];
      // Those of other hosts show as `ep-<id>` only.
      const locals = Object.entries(Containers).filter(([id]) => !id.startsWith("ep-"));
      const places = locals.map(([, { Name, IPv4Address }]) => ({ name: Name, address: IPv4Address.split("/")[0]! }));
      return { host, places };
    }),
  );
  const addresses = hosts.flatMap(({ places }) => places.map(({ address }) => address));
  const unanswered = await Promise.all(
    hosts.map(async ({ host, places }) => {
      const silent: string[] = [];
      for (const { name, address } of places) {
        const others = addresses.filter((other) => other !== address);
        const ran = await host.ssh(["docker", "exec", name, "sh", "-c", ask, "sh", ...others]);
        if (ran.exitCode !== 0) throw new Error(`${name} on ${host.name}: ${ran.stderr}`);
        silent.push(...ran.stdout.split("\n").flatMap((to) => (to === "" ? [] : [`${name} to ${to}`])));
      }
      return silent;
    }),
  );
  return { ways: addresses.length * (addresses.length - 1), unanswered: unanswered.flat() };
}
