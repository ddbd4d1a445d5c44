import { FakeConsul } from "./fakeConsul";
import { FakeDocker, type SharedNetworks } from "./fakeDocker";
import { FakeHost } from "./fakeHost";
import { plainDockerService } from "./memberHost";

const ADDRESSES = ["10.77.0.1", "10.77.0.2"];

/**
 * Two hosts whose engines share the network "ov", and in their store an endpoint "web" that no container of theirs is seen
 * to have; the store says that the engine at `locator` made it, or nothing of that.
 */
export async function storedEndpoint(locator: string | undefined) {
  const consul = new FakeConsul();
  const shared: SharedNetworks = new Map();
  const hosts = ADDRESSES.map((address) => {
    const info = { ClusterStore: "consul://10.77.0.1:8500/lab", ClusterAdvertise: `${address}:2376` };
    return {
      docker: new FakeDocker({ address, info, shared }),
      host: new FakeHost(plainDockerService, address, "root", () => consul.open()),
    };
  });
  const dockers = hosts.map(({ docker }) => docker) as [FakeDocker, FakeDocker];
  await dockers[0].networks.create({ Name: "ov", Driver: "overlay" });
  const network = shared.get("ov")!;
  const endpoint = { Name: "web", EndpointID: "e1", MacAddress: "", IPv4Address: "10.200.0.2/24", IPv6Address: "" };
  network.Containers = { "no container": endpoint };
  if (locator) consul.keys.set(`lab/docker/network/v1.0/endpoint/${network.Id}/e1/`, `{"locator":"${locator}"}`);
  return { hosts, dockers, network };
}
