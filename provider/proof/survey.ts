import type { DockerApi } from "../docker/api";
import type { Endpoint as DockerEndpoint } from "../docker/types";
import { unshownEndpoints } from "../docker/unshownEndpoints";
import { subnetOf } from "../engine/interfaces";
import { CrosshostError } from "../errors";
import type { RunContext } from "../run/context";
import type { Connection } from "../ssh/connection";
import type { Host } from "../ssh/host";
import { hostId } from "../ssh/hostId";
import { Deadline } from "../wait";

/** A host of a network that answers. */
export interface Member {
  id: string;
  connection: Connection;
  host: Host;
  docker: DockerApi;
}

/** One container's endpoint in a network, on the host that runs it. */
export interface Endpoint {
  host: string;
  container: string;
  /** The container's name. */
  name: string;
  labels: Readonly<Record<string, string>>;
  /** The endpoint's own id: another one after every start and every connect. */
  id: string;
  address: string;
  /** The subnet of the network that the address is in. */
  subnet: string;
  macAddress: string;
}

/** A container on a network whose engine does not show its endpoint there. */
export type Unshown = Pick<Endpoint, "host" | "container" | "name" | "labels">;

/** How long a host is waited for that nothing here needs: it is there already, or it is left out. */
const PATIENCE = 5_000;

/** The hosts of a network that answer; `unreached` has the others, and why. */
export async function membersOf(
  run: RunContext,
  connections: readonly Connection[],
  unreached: Map<string, string>,
  deadline: Deadline,
): Promise<Member[]> {
  const members = await Promise.all(
    connections.map(async (connection): Promise<Member | undefined> => {
      const id = hostId(connection);
      if (unreached.has(id)) return undefined;
      const patience = Math.min(PATIENCE, deadline.remaining());
      try {
        const reaching = run.host(connection, new Deadline(patience, deadline.clock));
        const host = await inTime(reaching, patience, deadline);
        if (host) return { id, connection, host, docker: await run.docker(connection, deadline) };
        unreached.set(id, `no connection within ${Math.round(patience / 1000)} s`);
      } catch (error) {
        // Whatever keeps us from that host is its own resources' failure, and a warning here.
        if (!(error instanceof CrosshostError)) throw error;
        unreached.set(id, error.message.replace(/^host \S+: /, ""));
      }
      return undefined;
    }),
  );
  return members.filter((member) => member !== undefined);
}

/** What comes in time; undefined where it does not. Others may go on waiting for it. */
async function inTime<T>(work: Promise<T>, milliseconds: number, { clock }: Deadline): Promise<T | undefined> {
  let isLate = false;
  const late = clock.sleep(milliseconds).then(() => {
    isLate = true;
    return undefined;
  });
  const first = await Promise.race([work, late]);
  if (isLate) work.catch(() => undefined);
  return first;
}

/**
 * The endpoints of running containers that a host has in a network. All containers are listed, which an engine does out of its
 * memory: to filter them by a network it would ask the store for all networks first.
 */
export async function endpointsOn(
  { id: host, docker }: Member,
  network: { id: string; name: string },
): Promise<{ endpoints: Endpoint[]; unshown: Unshown[] }> {
  const endpoints: Endpoint[] = [];
  const unshown: Unshown[] = [];
  for (const { Id, Names, Labels, State, NetworkSettings } of await docker.containers.list()) {
    const one = { host, container: Id, name: (Names[0] ?? Id).replace(/^\//, ""), labels: Labels };
    const endpoint = endpointIn(network.id, NetworkSettings.Networks);
    const state = { Running: true, Restarting: State === "restarting" };
    if (endpoint) endpoints.push({ ...one, ...endpoint });
    else if (unshownEndpoints({ State: state, NetworkSettings }).includes(network.name)) unshown.push(one);
  }
  return { endpoints, unshown };
}

/** A container's endpoint in a network; undefined where it has none that works. */
export function endpointIn(networkId: string, endpoints: Readonly<Record<string, DockerEndpoint>>) {
  const endpoint = Object.values(endpoints).find(({ NetworkID }) => NetworkID === networkId);
  if (!endpoint?.EndpointID || endpoint.IPAddress === "") return undefined;
  const { EndpointID: id, IPAddress: address, IPPrefixLen, MacAddress: macAddress } = endpoint;
  return { id, address, subnet: subnetOf(address, IPPrefixLen) ?? "", macAddress };
}
