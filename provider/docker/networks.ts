import type { Filter, Known, NetworksApi } from "./api";
import { filters, named } from "./call";
import type { Requester } from "./requester";
import type { EndpointConfig, Network, NetworkCreate } from "./types";

export class Networks implements NetworksApi {
  constructor(private readonly requester: Requester) {}

  list(filter: Filter & { driver?: string } = {}): Promise<Network[]> {
    return this.requester.json({
      attempt: "list networks",
      method: "GET",
      path: "/networks",
      query: { filters: filters({ ...filter }) },
    });
  }

  async inspect(network: string): Promise<Network> {
    const attempt = `inspect network "${network}"`;
    const found = await this.requester.json<Network>({ attempt, method: "GET", path: `/networks/${named(network)}` });
    return this.requester.exactly(attempt, network, found, found.Name);
  }

  create(network: NetworkCreate): Promise<{ Id: string; Warning: string }> {
    return this.requester.json({
      attempt: `create network "${network.Name}"`,
      method: "POST",
      path: "/networks/create",
      // Engines before 25 allow two networks of one name unless told otherwise.
      body: { CheckDuplicate: true, ...network },
    });
  }

  remove(network: string): Promise<void> {
    return this.requester.done({
      attempt: `remove network "${network}"`,
      method: "DELETE",
      path: `/networks/${named(network)}`,
    });
  }

  connect(network: string, container: string, endpoint?: EndpointConfig, { known }: Known = {}): Promise<void> {
    return this.requester.done({
      attempt: `connect container "${container}" to network "${network}"`,
      method: "POST",
      path: `/networks/${named(network)}/connect`,
      body: { Container: container, EndpointConfig: endpoint },
      known,
    });
  }

  disconnect(
    network: string,
    container: string,
    { force = false, known }: Known & { force?: boolean } = {},
  ): Promise<void> {
    return this.requester.done({
      attempt: `disconnect container "${container}" from network "${network}"`,
      method: "POST",
      path: `/networks/${named(network)}/disconnect`,
      body: { Container: container, Force: force },
      known,
    });
  }
}
