import type { Container, ContainerState } from "./containerTypes";

/** Docker's own. They are in no store, and on an engine without a bridge a container has an empty record of that. */
const BUILT_IN = ["bridge", "host", "none"];

/**
 * The names of the networks that a running container is on without its engine showing an endpoint, an address or even the
 * network's id. Docker 20.10 writes down what its store says of an endpoint that it has just made, and nothing at all where
 * it asks for that on a thread that has no network (`strayThread.ts`): packets flow, but whoever asks the engine finds no
 * endpoint. Seen on the lab in 2 of some 320 starts on an engine that had such threads. A connect that failed leaves such a
 * record, too, and no endpoint. Source: Docker 20.10, `daemon/network.go` (buildEndpointInfo),
 * `daemon/container_operations.go` (updateNetworkSettings); libnetwork, `endpoint_info.go` (Info).
 */
export function unshownEndpoints({
  State,
  NetworkSettings,
}: {
  State: Pick<ContainerState, "Running" | "Restarting">;
  NetworkSettings: Pick<Container["NetworkSettings"], "Networks">;
}): string[] {
  // Between two starts it has none.
  if (!State.Running || State.Restarting) return [];
  const endpoints = Object.entries(NetworkSettings.Networks).filter(([network]) => !BUILT_IN.includes(network));
  return endpoints.filter(([, { EndpointID }]) => EndpointID === "").map(([network]) => network);
}
