import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import type { Endpoint as DockerEndpoint, EndpointConfig } from "../../docker/types";
import type { NetworkAttachment } from "./inputs";

/** The network a container is on when it asks for none. */
const DEFAULT_NETWORK = "bridge";

export function endpointConfig({ aliases, ipv4Address }: NetworkAttachment): EndpointConfig {
  return {
    ...(aliases.length > 0 ? { Aliases: aliases } : {}),
    ...(ipv4Address === undefined ? {} : { IPAMConfig: { IPv4Address: ipv4Address } }),
  };
}

/** The aliases the user gave; engines before 25 list the container's short id among them. */
export function aliasesOf(container: Container, endpoint: DockerEndpoint): string[] {
  return (endpoint.Aliases ?? []).filter((alias) => alias !== container.Id.slice(0, 12)).sort();
}

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
 * Brings the container's endpoints to the wanted ones and touches no other: a changed endpoint leaves and joins again
 * at the address it had. Returns whether anything was done.
 */
export async function reconcileEndpoints(
  docker: DockerApi,
  container: Container,
  wanted: readonly NetworkAttachment[],
): Promise<boolean> {
  const there = container.NetworkSettings.Networks;
  const attachments = wanted.length > 0 ? wanted : [{ name: DEFAULT_NETWORK, aliases: [] }];
  const unwanted = Object.keys(there).filter((name) => !attachments.some((attachment) => attachment.name === name));
  const changed = attachments.filter(({ name }) => !there[name]).concat(attachments.filter(differs));
  for (const name of unwanted) await docker.networks.disconnect(name, container.Id);
  for (const attachment of changed) {
    const existing = there[attachment.name];
    if (existing) await docker.networks.disconnect(attachment.name, container.Id);
    const ipv4Address = attachment.ipv4Address ?? (existing?.IPAddress || undefined);
    await docker.networks.connect(attachment.name, container.Id, endpointConfig({ ...attachment, ipv4Address }));
  }
  return unwanted.length + changed.length > 0;

  function differs({ name, aliases, ipv4Address }: NetworkAttachment): boolean {
    const endpoint = there[name];
    if (!endpoint || name === DEFAULT_NETWORK) return false;
    if (aliasesOf(container, endpoint).join() !== aliases.join()) return true;
    return ipv4Address !== undefined && endpoint.IPAMConfig?.IPv4Address !== ipv4Address;
  }
}
