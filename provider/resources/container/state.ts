import type { Container } from "../../docker/containerTypes";
import type { Endpoint as DockerEndpoint } from "../../docker/types";
import { interfacesOf, subnetOf } from "../../engine/interfaces";
import { isOwnedBy } from "../shared/owned";
import { digestOf } from "./digest";
import type { ContainerInputs, ContainerState, Endpoint, NetworkData, PublishedPort } from "./inputs";
import type { OptionName } from "./options";
import type { Place } from "./place";

export interface Seen {
  place: Place;
  inputs: ContainerInputs;
  container: Container;
  /** The limits that the engine discards. */
  discarded: OptionName[];
}

/** The inputs, and what the host says of the container, in the words of the Container Network Model. */
export async function toState({ place, inputs, container, discarded }: Seen): Promise<ContainerState> {
  const { State, NetworkSettings, Config } = container;
  const { SandboxID, SandboxKey, Networks } = NetworkSettings;
  const byName = Object.entries(Networks).sort(([a], [b]) => (a < b ? -1 : 1));
  const [interfaces, imageDigest] = await Promise.all([
    interfacesOf(place.host, container),
    digestOf(place.docker, inputs, container),
  ]);
  const isOver = State.Status === "exited" || State.Status === "dead";
  return {
    ...inputs,
    containerId: container.Id,
    imageId: container.Image,
    ...(imageDigest === undefined ? {} : { imageDigest }),
    apiVersion: place.apiVersion,
    state: State.Status,
    ...(State.Health && State.Health.Status !== "none" ? { health: State.Health.Status } : {}),
    ...(isOver ? { exitCode: State.ExitCode } : {}),
    sandbox: { id: SandboxID, key: SandboxKey },
    endpoints: byName.map(([network, endpoint]) => toEndpoint(network, endpoint, inputs.host, interfaces)),
    networkDatas: byName.map(toNetworkData),
    publishedPorts: publishedPorts(container),
    ...(discarded.length > 0 ? { discardedLimits: discarded } : {}),
    ...(isOwnedBy(inputs.owner, Config.Labels) ? {} : { adoptedIds: [container.Id] }),
  };
}

function toEndpoint(
  network: string,
  endpoint: DockerEndpoint,
  host: string,
  interfaces: ReadonlyMap<string, string> | undefined,
): Endpoint {
  const inside = interfaces?.get(subnetOf(endpoint.IPAddress, endpoint.IPPrefixLen) ?? "");
  return {
    network,
    id: endpoint.EndpointID,
    ...(inside === undefined ? {} : { interface: inside }),
    address: endpoint.IPAddress,
    ...(endpoint.GlobalIPv6Address ? { ipv6Address: endpoint.GlobalIPv6Address } : {}),
    macAddress: endpoint.MacAddress,
    gateway: endpoint.Gateway,
    host,
  };
}

function toNetworkData([networkName, endpoint]: [string, DockerEndpoint]): NetworkData {
  return {
    networkName,
    ipAddress: endpoint.IPAddress,
    ipPrefixLength: endpoint.IPPrefixLen,
    gateway: endpoint.Gateway,
    globalIpv6Address: endpoint.GlobalIPv6Address,
    globalIpv6PrefixLength: endpoint.GlobalIPv6PrefixLen,
    ipv6Gateway: endpoint.IPv6Gateway,
    macAddress: endpoint.MacAddress,
  };
}

function publishedPorts({ NetworkSettings }: Container): PublishedPort[] {
  const byPort = Object.entries(NetworkSettings.Ports ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return byPort.flatMap(([inside, bindings]) => {
    const [internal, protocol = "tcp"] = inside.split("/");
    return (bindings ?? []).map(({ HostIp = "", HostPort }) => ({
      internal: Number(internal),
      protocol,
      ip: HostIp,
      external: Number(HostPort),
    }));
  });
}
