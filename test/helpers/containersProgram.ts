import type { Lab } from "../../lab";
import type { Container } from "../../provider/docker/containerTypes";

export { CONTAINERS_PROGRAM, type WantedContainer } from "../../tools/containersProgram";

/** What `docker inspect` says of every container on a lab's hosts, by name. */
export async function inspectAll(lab: Lab): Promise<Map<string, Container>> {
  const perHost = await Promise.all(
    lab.hosts.map(async (host) => {
      const ids = (await host.ssh(["docker", "ps", "-aq"])).stdout.split("\n").filter((id) => id !== "");
      if (ids.length === 0) return [];
      return JSON.parse((await host.ssh(["docker", "inspect", ...ids])).stdout) as Container[];
    }),
  );
  return new Map(perHost.flat().map((container) => [container.Name.slice(1), container]));
}
