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

/** The same at any other address, of which engines make the MAC address. */
export function endpointElsewhere(endpoint: Endpoint, containerId: string): EndpointConfig {
  const { IPAMConfig: _, MacAddress: __, ...rest } = sameEndpoint(endpoint, containerId);
  return rest;
}
