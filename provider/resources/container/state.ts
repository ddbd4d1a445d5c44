import type { Container } from "../../docker/containerTypes";
import type { Endpoint as DockerEndpoint } from "../../docker/types";
import type { Host } from "../../ssh/host";
import type { ContainerInputs, ContainerState, Endpoint, NetworkData } from "./inputs";
import { interfacesOf, subnetOf } from "./interfaces";

/** The inputs, and what the host says of the container, in the words of the Container Network Model. */
export async function toState(
  inputs: ContainerInputs,
  container: Container,
  host: Host,
  apiVersion: string,
): Promise<ContainerState> {
  const { State, NetworkSettings } = container;
  const { SandboxID, SandboxKey, Networks } = NetworkSettings;
  const byName = Object.entries(Networks).sort(([a], [b]) => (a < b ? -1 : 1));
  const interfaces = await interfacesOf(host, container);
  const isOver = State.Status === "exited" || State.Status === "dead";
  return {
    ...inputs,
    containerId: container.Id,
    apiVersion,
    state: State.Status,
    ...(State.Health && State.Health.Status !== "none" ? { health: State.Health.Status } : {}),
    ...(isOver ? { exitCode: State.ExitCode } : {}),
    sandbox: { id: SandboxID, key: SandboxKey },
    endpoints: byName.map(([network, endpoint]) => toEndpoint(network, endpoint, inputs.host, interfaces)),
    networkDatas: byName.map(toNetworkData),
  };
}

function toEndpoint(
  network: string,
  endpoint: DockerEndpoint,
  host: string,
  interfaces: ReadonlyMap<string, string>,
): Endpoint {
  const inside = interfaces.get(subnetOf(endpoint.IPAddress, endpoint.IPPrefixLen) ?? "");
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
