import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import { connectWhereFree, sameEndpoint } from "../../docker/sameEndpoint";
import type { Endpoint } from "../../docker/types";
import { isCode } from "../../errors";
import { endpointConfig, isAttachedAs, wantedAttachments } from "./attachments";
import type { ContainerInputs, NetworkAttachment } from "./inputs";

/**
 * Takes the container out of networks that are gone and whose names others have now: removed from the store while this
 * host was away, they linger in the container. The engine lets go of such an endpoint only while the container is
 * stopped; it is stopped here and left so.
 */
export async function leaveGoneNetworks(docker: DockerApi, container: Container): Promise<Container> {
  const endpoints = Object.entries(container.NetworkSettings.Networks).filter(([, { NetworkID }]) => NetworkID);
  const found = await Promise.all(endpoints.map(([name]) => unlessNotFound(docker.networks.inspect(name))));
  // A network that the engine does not see at all may be one that it cannot ask its store about.
  const gone = endpoints.filter(([, { NetworkID }], i) => found[i] !== undefined && found[i].Id !== NetworkID);
  if (gone.length === 0) return container;
  if (container.State.Running) await docker.containers.stop(container.Id);
  for (const [name] of gone) await docker.networks.disconnect(name, container.Id, { force: true });
  return docker.containers.inspect(container.Id);
}

/**
 * Brings the container's endpoints to the wanted ones and touches no other. New ones come first and those not wanted go
 * last, so that a running container keeps a gateway and Docker's name service all the while; in between, a changed
 * endpoint leaves and joins again at the address it had. Returns whether anything was done.
 */
export async function reconcileEndpoints(
  docker: DockerApi,
  container: Container,
  inputs: Pick<ContainerInputs, "networkMode" | "networksAdvanced">,
): Promise<boolean> {
  const wanted = wantedAttachments(inputs);
  if (wanted === undefined) return false;
  const { Id, NetworkSettings } = container;
  const there = NetworkSettings.Networks;
  const missing = wanted.filter(({ name }) => !there[name]);
  const changed = wanted.filter((attachment) => there[attachment.name] && !isAttachedAs(container, attachment));
  const unwanted = Object.keys(there).filter((name) => !wanted.some((attachment) => attachment.name === name));

  const leaveUnwanted = async () => {
    for (const name of unwanted.splice(0)) await docker.networks.disconnect(name, Id);
  };
  const total = missing.length + changed.length + unwanted.length;
  for (const attachment of missing) {
    try {
      await docker.networks.connect(attachment.name, Id, endpointConfig(attachment));
    } catch (error) {
      // What is to go may be in its way: two networks of one subnet do not fit into one container.
      if (unwanted.length === 0 || !isCode(error, "docker-refused", "conflict")) throw error;
      await leaveUnwanted();
      await docker.networks.connect(attachment.name, Id, endpointConfig(attachment));
    }
  }
  for (const attachment of changed) await rejoin(docker, container, attachment);
  await leaveUnwanted();
  return total > 0;
}

/** The engine cannot change an endpoint; a new one takes its place, at the same addresses where no others are wanted. */
async function rejoin(docker: DockerApi, { Id, NetworkSettings }: Container, attachment: NetworkAttachment) {
  const { name, ipv4Address, ipv6Address } = attachment;
  const { IPAddress, GlobalIPv6Address } = NetworkSettings.Networks[name]!;
  const kept = {
    ...attachment,
    ipv4Address: ipv4Address ?? (IPAddress || undefined),
    ipv6Address: ipv6Address ?? (GlobalIPv6Address || undefined),
  };
  await docker.networks.disconnect(name, Id);
  try {
    await connectWhereFree(docker, name, Id, { had: endpointConfig(kept), asked: endpointConfig(attachment) });
  } catch (error) {
    await comeBack(docker, Id, name, NetworkSettings.Networks[name]!);
    throw error;
  }
}

/** Gives a container the endpoint again that it had; where that fails, too, the failure before is the one to tell. */
async function comeBack(docker: DockerApi, id: string, name: string, endpoint: Endpoint): Promise<void> {
  await Promise.allSettled([docker.networks.connect(name, id, sameEndpoint(endpoint, id))]);
}
