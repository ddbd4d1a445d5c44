import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import type { IpamConfig as DockerIpamConfig, Network, NetworkCreate } from "../../docker/types";
import { CrosshostError } from "../../errors";
import { connectAgain, noteDetached, waitingFor } from "./detached";
import { differencesFrom } from "./networkDifferences";
import { belongsTo, isMadeFrom, isOwnedBy, ownershipLabels, requireOwned } from "./owned";
import { type Detached, removeNetwork } from "./removeNetwork";
import type { IpamConfig } from "./schema";

export function toDocker({ subnet, gateway, ipRange, auxAddress }: IpamConfig): DockerIpamConfig {
  return {
    Subnet: subnet,
    ...(gateway === undefined ? {} : { Gateway: gateway }),
    ...(ipRange === undefined ? {} : { IPRange: ipRange }),
    ...(auxAddress === undefined ? {} : { AuxiliaryAddresses: auxAddress }),
  };
}

/** A network as a resource wants it on a host, or through it. */
export interface WantedNetwork {
  owner: string;
  spec: NetworkCreate;
  /** Whether one of that name that somebody else made is taken over where it is what `spec` makes. */
  adopt?: boolean;
  /** Ids of networks that were taken over earlier. */
  adoptedIds?: readonly string[];
  /** Why one of ours that is there has to be made anew all the same: completes "making the network "lan" anew, …". */
  fault?: string;
  /** Whether a container of this host that is connected again may have the address again that it had; default true. */
  mayKeep?: (address: string) => boolean;
  /** Hears what is done to what was there. */
  say?: (step: string) => void;
  /** Finds it all the same where the engine says that there is none of that name; undefined where it is gone indeed. */
  confirmGone?: () => Promise<Network | undefined>;
  /** What has to hold before a new one is made; throws where it does not. */
  beforeCreate?: () => Promise<void>;
}

export interface EnsuredNetwork {
  id: string;
  isAdopted: boolean;
}

/**
 * The network, made from this spec: an existing one of ours if it is, else a new one in its place, with the containers of
 * this stack on it again that were on the old one.
 */
export async function ensureNetwork(
  docker: DockerApi,
  host: string,
  wanted: WantedNetwork,
  touching: () => void,
): Promise<EnsuredNetwork> {
  const { spec, confirmGone, say = () => {} } = wanted;
  const [seen, waiting] = await Promise.all([
    unlessNotFound(docker.networks.inspect(spec.Name)),
    waitingFor(docker, wanted),
  ]);
  const existing = seen ?? (await confirmGone?.());
  const { detached, ...ensured } = await makeUnlessThere(docker, host, wanted, existing, touching);
  if (waiting.length > 0) say(`connecting ${namesOf(waiting)} to the network "${spec.Name}" again`);
  await connectAgain(docker, wanted, ensured.id, [...waiting, ...detached]);
  return ensured;
}

async function makeUnlessThere(
  docker: DockerApi,
  host: string,
  wanted: WantedNetwork,
  existing: Network | undefined,
  touching: () => void,
): Promise<EnsuredNetwork & { detached: Detached[] }> {
  const { owner, spec, fault, beforeCreate, say = () => {} } = wanted;
  const ownership = { owner, spec };
  const detached: Detached[] = [];
  if (existing) {
    requireOursOrSame(host, wanted, existing);
    touching();
    const isAdopted = !isOwnedBy(owner, existing.Labels);
    const isKnown = isAdopted || isMadeFrom(ownership, existing.Labels);
    if (fault === undefined && isKnown) return { id: existing.Id, isAdopted, detached };
  }
  await beforeCreate?.();
  touching();
  if (existing) {
    await removeNetwork([{ host, docker, network: existing }], owner, {
      beforeDetaching: async (containers) => {
        const why = fault ?? "which was made from other settings";
        const again = containers.length === 0 ? "" : `, and connecting ${namesOf(containers)} again`;
        say(`making the network "${spec.Name}" anew, ${why}${again}`);
        await noteDetached(docker, wanted, containers);
        detached.push(...containers);
      },
    });
  }
  const { Id } = await docker.networks.create({ ...spec, Labels: { ...spec.Labels, ...ownershipLabels(ownership) } });
  return { id: Id, isAdopted: false, detached };
}

/** Refuses a network of that name that is neither ours nor to be taken over, or that is to be and is another. */
export function requireOursOrSame(
  host: string,
  { owner, spec, adopt = false, adoptedIds }: WantedNetwork,
  existing: Network,
): void {
  if (belongsTo(owner, adoptedIds, { id: existing.Id, labels: existing.Labels })) return;
  if (!adopt) requireOwned(host, `the network "${spec.Name}"`, owner, existing.Labels, { canBeAdopted: true });
  requireSame(host, spec, existing);
}

const namesOf = (containers: readonly Detached[]) => containers.map(({ name }) => name).join(", ");

function requireSame(host: string, spec: NetworkCreate, network: Network): void {
  const differences = differencesFrom(spec, network);
  if (differences.length === 0) return;
  throw new CrosshostError(
    `host ${host}: the network "${spec.Name}" cannot be taken over, since it is another: ${differences.join("; ")}`,
    { code: "foreign", hint: "none of this can be changed in a network that exists: change the program, or remove it" },
  );
}
