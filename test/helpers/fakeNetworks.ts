import { randomBytes } from "node:crypto";
import type { NetworksApi } from "../../provider/docker/api";
import type { Container } from "../../provider/docker/containerTypes";
import type { Endpoint, EndpointConfig, Network, NetworkCreate } from "../../provider/docker/types";
import type { FakeDocker } from "./fakeDocker";

/** The networks of a `FakeDocker`: its own, and the overlays it shares with the engines of its cluster. */
export class FakeNetworks implements NetworksApi {
  private readonly own = new Map<string, Network>();
  private nextAddress = 2;
  /** How many endpoints, of those that come next, the engine does not show, though they are there. */
  hides = 0;
  /** Ids of containers that are gone, and whose sandboxes the engine could not take down. */
  readonly leftSandboxes = new Set<string>();

  constructor(
    private readonly docker: FakeDocker,
    private readonly shared: Map<string, Network>,
  ) {
    for (const name of ["bridge", "host", "none"]) this.own.set(name, networkOf({ Name: name, Driver: name }));
  }

  /** By id or name. */
  lookUp(reference: string): Network | undefined {
    return [...this.own.values(), ...this.shared.values()].find(
      ({ Id, Name }) => Id === reference || Name === reference,
    );
  }

  async list(): Promise<Network[]> {
    return [...this.own.values(), ...this.shared.values()];
  }

  async inspect(reference: string): Promise<Network> {
    const attempt = `inspect network "${reference}"`;
    this.docker.failIfInterrupted(attempt);
    const network = this.find(attempt, reference);
    const shown = structuredClone(network);
    for (const [id, container] of Object.entries(shown.Containers ?? {})) {
      if (this.docker.containersById.has(id) || this.leftSandboxes.has(id)) continue;
      delete shown.Containers![id];
      shown.Containers![`ep-${container.EndpointID}`] = container;
    }
    return shown;
  }

  async create(request: NetworkCreate): Promise<{ Id: string; Warning: string }> {
    const attempt = `create network "${request.Name}"`;
    this.docker.mutate(attempt);
    if (this.lookUp(request.Name)) {
      throw this.docker.refuse(attempt, 409, `network with name ${request.Name} already exists`);
    }
    if (request.Driver === "overlay" && !this.docker.info.ClusterStore) {
      const what =
        'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
      throw this.docker.refuse(attempt, 503, what);
    }
    const network = networkOf(request);
    (request.Driver === "overlay" ? this.shared : this.own).set(network.Name, network);
    return { Id: network.Id, Warning: "" };
  }

  async remove(reference: string): Promise<void> {
    const attempt = `remove network "${reference}"`;
    this.docker.mutate(attempt);
    const { Name, Id, Containers } = this.find(attempt, reference);
    if (Object.keys(Containers ?? {}).length > 0) {
      const what = `error while removing network: network ${Name} id ${Id} has active endpoints`;
      throw this.docker.refuse(attempt, 403, what);
    }
    this.own.delete(Name);
    this.shared.delete(Name);
  }

  async connect(reference: string, id: string, wanted: EndpointConfig = {}): Promise<void> {
    const attempt = `connect container "${id}" to network "${reference}"`;
    this.docker.mutate(attempt);
    const container = this.docker.find(attempt, id);
    const { Name, Containers } = this.find(attempt, reference);
    const { Networks } = container.NetworkSettings;
    // A running container may have a record of an endpoint that never came to be.
    if (Networks[Name] && (!container.State.Running || container.Id in (Containers ?? {}))) {
      const what = `endpoint with name ${container.Name.slice(1)} already exists in network ${Name}`;
      throw this.docker.refuse(attempt, 403, what);
    }
    Networks[Name] = endpointOf(wanted);
    if (container.State.Running) this.attach(Name, container);
  }

  async disconnect(reference: string, id: string, { force = false } = {}): Promise<void> {
    const attempt = `disconnect container "${id}" from network "${reference}"`;
    this.docker.mutate(attempt);
    const network = this.find(attempt, reference);
    if (force && !this.docker.has(id)) {
      // Where there is no such container, the engine takes away the endpoint of that name.
      for (const [key, { Name }] of Object.entries(network.Containers ?? {})) {
        if (Name === id) delete network.Containers![key];
      }
      return;
    }
    const container = this.docker.find(attempt, id);
    const endpoint = container.NetworkSettings.Networks[network.Name];
    // A running container's endpoint is looked for among the network's, whatever its record says; a stopped one's there.
    const isAttached = container.Id in (network.Containers ?? {}) || endpoint?.NetworkID === network.Id;
    if (!endpoint || (container.State.Running && !isAttached)) {
      throw this.docker.refuse(attempt, 500, `container ${id} is not connected to network ${reference}`);
    }
    delete container.NetworkSettings.Networks[network.Name];
    delete network.Containers?.[container.Id];
  }

  /** Gives a container's endpoint what it has once the container runs. */
  attach(name: string, container: Container): void {
    const network = this.lookUp(name)!;
    const endpoint = container.NetworkSettings.Networks[name]!;
    const last = this.nextAddress++;
    const base = network.IPAM.Config?.[0]?.Subnet?.replace(/\.\d+\/.*$/, "") ?? "172.17.0";
    const address = endpoint.IPAMConfig?.IPv4Address || `${base}.${last}`;
    const joined = {
      NetworkID: network.Id,
      EndpointID: randomBytes(32).toString("hex"),
      IPAddress: address,
      IPPrefixLen: 24,
      Gateway: `${base}.1`,
      GlobalIPv6Address: endpoint.IPAMConfig?.IPv6Address ?? "",
      MacAddress: endpoint.MacAddress || `02:42:00:00:00:${last.toString(16).padStart(2, "0")}`,
    };
    if (this.hides > 0) this.hides--;
    else Object.assign(endpoint, joined);
    // Engines before 25 put the container's short id among the aliases.
    if (network.Driver !== "bridge" && network.Driver !== "host") {
      endpoint.Aliases = [...(endpoint.Aliases ?? []), container.Id.slice(0, 12)];
    }
    container.NetworkSettings.SandboxID ||= randomBytes(32).toString("hex");
    container.NetworkSettings.SandboxKey ||= `/var/run/docker/netns/${container.NetworkSettings.SandboxID.slice(0, 12)}`;
    network.Containers![container.Id] = {
      Name: container.Name.slice(1),
      EndpointID: joined.EndpointID,
      MacAddress: joined.MacAddress,
      IPv4Address: `${address}/24`,
      IPv6Address: "",
    };
  }

  /** A container that is gone or stopped has no endpoints. */
  detach(id: string): void {
    for (const network of [...this.own.values(), ...this.shared.values()]) delete network.Containers?.[id];
  }

  private find(attempt: string, reference: string): Network {
    const found = this.lookUp(reference);
    if (!found) throw this.docker.refuse(attempt, 404, `network ${reference} not found`);
    return found;
  }
}

export function endpointOf(wanted: EndpointConfig): Endpoint {
  return {
    IPAMConfig: null,
    Aliases: null,
    ...structuredClone(wanted),
    NetworkID: "",
    EndpointID: "",
    Gateway: "",
    IPAddress: "",
    IPPrefixLen: 0,
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    MacAddress: wanted.MacAddress ?? "",
  };
}

function networkOf(request: NetworkCreate): Network {
  const {
    Name,
    Driver = "bridge",
    IPAM = {},
    Options = {},
    Labels = {},
    Internal = false,
    EnableIPv6 = false,
  } = request;
  return {
    Name,
    Id: randomBytes(32).toString("hex"),
    Created: "",
    Scope: Driver === "overlay" ? "global" : "local",
    Driver,
    EnableIPv6,
    Internal,
    Attachable: false,
    Ingress: false,
    IPAM: structuredClone(IPAM),
    Options: { ...Options },
    Labels: { ...Labels },
    Containers: {},
  };
}
