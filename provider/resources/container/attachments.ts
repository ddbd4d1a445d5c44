import { isDeepStrictEqual } from "node:util";
import type { Container } from "../../docker/containerTypes";
import type { Endpoint as DockerEndpoint, EndpointConfig } from "../../docker/types";
import type { ContainerInputs, NetworkAttachment } from "./inputs";
import { isWithoutEndpoints } from "./options/networks";

/** The network a container is on when it asks for none; it knows no aliases and no fixed addresses. */
const DEFAULT_NETWORK = "bridge";

type Networks = Pick<ContainerInputs, "networkMode" | "networksAdvanced">;

/** What the container is to be attached to; undefined where its networks are those of the host or of another container. */
export function wantedAttachments({ networkMode, networksAdvanced }: Networks): NetworkAttachment[] | undefined {
  if (networksAdvanced.length > 0) return networksAdvanced;
  return isWithoutEndpoints(networkMode) ? undefined : [{ name: networkMode ?? DEFAULT_NETWORK, aliases: [] }];
}

/**
 * The one it is made on, where that is for us to say: the one with a MAC address, since older engines know it for that
 * network only.
 */
export function homeAttachment(inputs: Networks): NetworkAttachment | undefined {
  const { networkMode, networksAdvanced } = inputs;
  if (networkMode === undefined && networksAdvanced.length === 0) return undefined;
  const wanted = wantedAttachments(inputs);
  return wanted?.find(({ macAddress }) => macAddress !== undefined) ?? wanted?.[0];
}

export function endpointConfig(attachment: NetworkAttachment): EndpointConfig {
  const { aliases, ipv4Address, ipv6Address, macAddress, driverOpts, gwPriority } = attachment;
  const addresses = {
    ...(ipv4Address === undefined ? {} : { IPv4Address: ipv4Address }),
    ...(ipv6Address === undefined ? {} : { IPv6Address: ipv6Address }),
  };
  return {
    ...(aliases.length > 0 ? { Aliases: aliases } : {}),
    ...(Object.keys(addresses).length > 0 ? { IPAMConfig: addresses } : {}),
    ...(macAddress === undefined ? {} : { MacAddress: macAddress }),
    ...(driverOpts === undefined ? {} : { DriverOpts: driverOpts }),
    ...(gwPriority === undefined ? {} : { GwPriority: gwPriority }),
  };
}

/** The attachment as the endpoint has it. What was not asked for by `wanted` is Docker's choice and not told. */
export function attachmentFound(container: Container, wanted: NetworkAttachment): NetworkAttachment {
  const endpoint = container.NetworkSettings.Networks[wanted.name]!;
  if (wanted.name === DEFAULT_NETWORK) return wanted;
  const driverOpts = endpoint.DriverOpts ?? {};
  return {
    name: wanted.name,
    aliases: aliasesOf(container, endpoint),
    ...(wanted.ipv4Address === undefined ? {} : { ipv4Address: endpoint.IPAMConfig?.IPv4Address ?? "" }),
    ...(wanted.ipv6Address === undefined ? {} : { ipv6Address: endpoint.IPAMConfig?.IPv6Address ?? "" }),
    // Only a running container's endpoint shows it.
    ...(wanted.macAddress === undefined ? {} : { macAddress: endpoint.MacAddress || wanted.macAddress }),
    ...(wanted.driverOpts || Object.keys(driverOpts).length > 0 ? { driverOpts } : {}),
    ...(wanted.gwPriority === undefined ? {} : { gwPriority: endpoint.GwPriority ?? 0 }),
  };
}

/** Whether an endpoint is what is wanted. */
export function isAttachedAs(container: Container, wanted: NetworkAttachment): boolean {
  const { driverOpts = {}, ...rest } = attachmentFound(container, wanted);
  const { driverOpts: wantedOpts = {}, ...wantedRest } = wanted;
  return isDeepStrictEqual(driverOpts, wantedOpts) && isDeepStrictEqual(withoutAbsent(rest), withoutAbsent(wantedRest));
}

/** All attachments as found: those of the program in its order, then those it does not know. */
export function attachmentsFound(inputs: Networks, container: Container): NetworkAttachment[] {
  const wanted = wantedAttachments(inputs);
  if (wanted === undefined) return [];
  const there = Object.keys(container.NetworkSettings.Networks);
  const known = wanted.filter(({ name }) => there.includes(name));
  const unknown = there.filter((name) => !wanted.some((attachment) => attachment.name === name));
  if (inputs.networksAdvanced.length === 0 && unknown.length === 0 && known.length === wanted.length) return [];
  return [...known, ...unknown.map((name) => ({ name, aliases: [] }))].map((each) => attachmentFound(container, each));
}

/** The aliases the user gave; engines before 25 list the container's short id among them. */
function aliasesOf(container: Container, endpoint: DockerEndpoint): string[] {
  return (endpoint.Aliases ?? []).filter((alias) => alias !== container.Id.slice(0, 12)).sort();
}

function withoutAbsent<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<T>;
}
