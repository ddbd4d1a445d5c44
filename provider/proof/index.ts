import type { Task } from "../lifecycle";
import { lookAtLan, proveLan } from "./lan";
import { lookAtOverlay, proveOverlay, seeOnOverlay } from "./overlay";
import type { NetworkProof, Subject } from "./proof";
import { shownOnce } from "./shown";

export type { Subject } from "./proof";
export { showEndpoints } from "./showEndpoints";
export { describeUnshown, healingUnshown } from "./unshown";

/** By Docker's name of the network's driver; what is not here needs no proof, or has none yet. */
const proofs: Record<string, NetworkProof> = {
  overlay: { prove: proveOverlay, look: lookAtOverlay },
  macvlan: { prove: proveLan, look: lookAtLan },
  ipvlan: { prove: proveLan, look: lookAtLan },
};

/**
 * Proves that a running container and its peers on other hosts reach each other, over each of its networks. What is dead is
 * healed where that can be; returns what stays dead, one line each, with its diagnosis.
 */
export function proveEndpoints(subject: Subject, networks: readonly string[], task: Task) {
  const unseen = (id: string) => [
    `${subject.host}: "${subject.name}" cannot be proven to be on the network "${id}": its engine does not see it`,
  ];
  return overEach(subject, networks, task, unseen, (proof, network) => proof.prove(subject, network, task));
}

/** Looks whether they do, and touches nothing. */
export function lookAtEndpoints(subject: Subject, networks: readonly string[], task: Task) {
  // Whether it is gone is for whoever made the network to say.
  return overEach(
    subject,
    networks,
    task,
    () => [],
    (proof, network) => proof.look(subject, network, task),
  );
}

/** Proves nothing of a container, which is a peer to others all the same. */
export function leaveUnproven(subject: Subject, networks: readonly string[], { run }: Task): void {
  for (const id of networks) seeOnOverlay(subject, id, run);
}

async function overEach(
  subject: Subject,
  networks: readonly string[],
  task: Task,
  unseen: (id: string) => string[],
  work: (proof: NetworkProof, network: Parameters<NetworkProof["look"]>[1]) => Promise<string[]>,
): Promise<string[]> {
  const dead = await Promise.all(
    networks.map(async (id) => {
      const network = await shownOnce(subject, id, task);
      if (!network) return unseen(id);
      const proof = Object.hasOwn(proofs, network.Driver) ? proofs[network.Driver] : undefined;
      if (!proof) return [];
      const { Name: name, Options: options, Containers } = network;
      const endpoints = new Map(Object.values(Containers ?? {}).map((one) => [one.EndpointID, one.Name]));
      return await work(proof, { id: network.Id, name, options: options ?? {}, endpoints });
    }),
  );
  return dead.flat();
}
