import { randomBytes } from "node:crypto";
import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import type { EndpointConfig, NetworkCreate, Volume } from "../../docker/types";
import { containsAddress, parseAddress, parseCidr } from "../../net/ip";
import { settleAll } from "../../settleAll";
import { ignoreMissing, OWNER_LABEL } from "./owned";
import type { Detached } from "./removeNetwork";

/*
 * Containers that were taken off a network that is made anew have nothing that says where they were. Until they are on it
 * again, the host keeps a note of them, so that a run that is killed in between is finished by the next: an empty volume
 * with labels, which is what an engine keeps for anybody who may use it.
 */

const NETWORK_LABEL = "io.crosshost.detached-from";
const CONTAINERS_LABEL = "io.crosshost.detached";

/** The network that they are to be on again. */
interface Anew {
  owner: string;
  spec: NetworkCreate;
  mayKeep?: (address: string) => boolean;
}

/** Writes down who is about to be taken off the network. */
export async function noteDetached(docker: DockerApi, { owner, spec }: Anew, containers: readonly Detached[]) {
  if (containers.length === 0) return;
  await docker.volumes.create({
    Name: `crosshost-detached-${randomBytes(6).toString("hex")}`,
    Labels: { [OWNER_LABEL]: owner, [NETWORK_LABEL]: spec.Name, [CONTAINERS_LABEL]: JSON.stringify(containers) },
  });
}

/** Whom an earlier run took off the network, and did not connect again. */
export async function waitingFor(docker: DockerApi, { owner, spec }: Anew): Promise<Detached[]> {
  const notes = await notesOf(docker, owner, spec.Name);
  return notes.flatMap(({ Labels }) => JSON.parse(Labels![CONTAINERS_LABEL]!) as Detached[]);
}

/** Connects them again, as far as they are still there and nobody has, and forgets them. */
export async function connectAgain(
  docker: DockerApi,
  network: Anew,
  id: string,
  containers: readonly Detached[],
): Promise<void> {
  if (containers.length === 0) return;
  const distinct = new Map(containers.map((one) => [one.container, one]));
  await settleAll(
    [...distinct.values()].map(async ({ container, endpoint }) => {
      const found = await unlessNotFound(docker.containers.inspect(container));
      if (!found || Object.hasOwn(found.NetworkSettings.Networks, network.spec.Name)) return;
      await docker.networks.connect(id, container, fitting(endpoint, network));
    }),
  );
  await forgetDetached(docker, network.owner, network.spec.Name);
}

/** Forgets who was on the network: they are again, or it is to be no more. */
export async function forgetDetached(docker: DockerApi, owner: string, network: string): Promise<void> {
  const notes = await notesOf(docker, owner, network);
  await settleAll(notes.map(({ Name }) => ignoreMissing(docker.volumes.remove(Name))));
}

async function notesOf(docker: DockerApi, owner: string, network: string): Promise<Volume[]> {
  const volumes = await docker.volumes.list({
    label: [`${OWNER_LABEL}=${owner}`, `${NETWORK_LABEL}=${network}`, CONTAINERS_LABEL],
  });
  return volumes;
}

/** The endpoint without addresses that the network does not have any more, or that are others' there. */
function fitting(endpoint: EndpointConfig, { spec, mayKeep = () => true }: Anew): EndpointConfig {
  const subnets = (spec.IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [parseCidr(Subnet)!]));
  const fits = (text: string | undefined) => {
    const address = text === undefined ? undefined : parseAddress(text);
    return address !== undefined && subnets.some((subnet) => containsAddress(subnet, address)) && mayKeep(text!);
  };
  const { IPv4Address, IPv6Address, ...rest } = endpoint.IPAMConfig ?? {};
  return {
    ...endpoint,
    IPAMConfig: {
      ...rest,
      ...(fits(IPv4Address) ? { IPv4Address } : {}),
      ...(fits(IPv6Address) ? { IPv6Address } : {}),
    },
  };
}
