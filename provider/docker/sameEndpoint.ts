import type { DockerApi } from "./api";
import type { Endpoint, EndpointConfig } from "./types";

/** What a container has to ask of a network to get the endpoint again that it has: same addresses, aliases and priority. */
export function sameEndpoint(endpoint: Endpoint, containerId: string): EndpointConfig {
  const { Aliases, IPAddress, GlobalIPv6Address, MacAddress, Links, DriverOpts, GwPriority, IPAMConfig } = endpoint;
  return {
    // Engines before 25 add the container's short id by themselves.
    Aliases: (Aliases ?? []).filter((alias) => alias !== containerId.slice(0, 12)),
    ...(Links ? { Links } : {}),
    ...(DriverOpts ? { DriverOpts } : {}),
    // Engines before 29 pass over it here.
    ...(MacAddress ? { MacAddress } : {}),
    ...(GwPriority ? { GwPriority } : {}),
    IPAMConfig: {
      ...IPAMConfig,
      ...(IPAddress ? { IPv4Address: IPAddress } : {}),
      ...(GlobalIPv6Address ? { IPv6Address: GlobalIPv6Address } : {}),
    },
  };
}

/**
 * Connects a container at addresses that it had, or else as it asked for: they may be taken by now, and Docker gives nobody an
 * address of his choice but in subnets that somebody chose.
 */
export async function connectWhereFree(
  docker: DockerApi,
  network: string,
  container: string,
  { had, asked }: { had: EndpointConfig; asked: EndpointConfig },
): Promise<void> {
  try {
    await docker.networks.connect(network, container, had, { known: true });
  } catch (error) {
    const { message } = error as Error;
    if (!/Address already in use|only when connecting to networks with user configured subnets/.test(message))
      throw error;
    await docker.networks.connect(network, container, asked, { known: true });
  }
}

/** The same at any other IPv4 address; a MAC address that the engine made of the old one goes with that. */
export function endpointElsewhere(endpoint: Endpoint, containerId: string): EndpointConfig {
  const { IPAMConfig, MacAddress, ...rest } = sameEndpoint(endpoint, containerId);
  const { IPv4Address, ...others } = IPAMConfig ?? {};
  return {
    ...rest,
    ...(Object.keys(others).length > 0 ? { IPAMConfig: others } : {}),
    ...(MacAddress && MacAddress !== macOf(IPv4Address ?? "") ? { MacAddress } : {}),
  };
}

/** Source: libnetwork, `netutils.GenerateMACFromIP`. */
function macOf(address: string): string {
  const bytes = address.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  return ["02", "42", ...bytes].join(":");
}
