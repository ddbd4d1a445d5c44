import type { Container } from "../../docker/containerTypes";
import type { Endpoint as DockerEndpoint } from "../../docker/types";
import type { ContainerInputs, ContainerState } from "./inputs";

/** The inputs, and what Docker says of the container, in the words of the Container Network Model. */
export function toState(inputs: ContainerInputs, container: Container): ContainerState {
  const { SandboxID, SandboxKey, Networks } = container.NetworkSettings;
  const byName = Object.entries(Networks).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...inputs,
    containerId: container.Id,
    sandbox: { id: SandboxID, key: SandboxKey },
    endpoints: byName.map(([network, endpoint]) => ({
      network,
      id: endpoint.EndpointID,
      address: endpoint.IPAddress,
      macAddress: endpoint.MacAddress,
      gateway: endpoint.Gateway,
    })),
    networkDatas: byName.map(toNetworkData),
  };
}

function toNetworkData([networkName, endpoint]: [string, DockerEndpoint]) {
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
