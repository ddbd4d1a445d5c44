import type { HealthCheck } from "./containerTypes";

/** What we read of the Engine API's answers and write into its requests, under the API's own names. */

export interface EngineVersion {
  /** Of the engine, such as 20.10.5. */
  Version: string;
  /** The newest API it speaks, such as 1.41. */
  ApiVersion: string;
  /** The oldest it still speaks. */
  MinAPIVersion: string;
  Os: string;
  Arch: string;
  KernelVersion: string;
  /** The programs it is made of. */
  Components?: { Name: string }[] | null;
}

export interface EngineInfo {
  ID: string;
  Name: string;
  ServerVersion: string;
  /** The key-value store; absent or empty without one. Engines from 23.0 on do not know it. */
  ClusterStore?: string;
  ClusterAdvertise?: string;
  LiveRestoreEnabled: boolean;
  ContainersRunning: number;
  OperatingSystem: string;
  KernelVersion: string;
  Swarm: { LocalNodeState: string; NodeID?: string; Cluster?: { ID: string } | null };
  RegistryConfig?: { Mirrors?: string[] | null };
  Warnings?: string[] | null;
}

export interface IpamConfig {
  Subnet?: string;
  IPRange?: string;
  Gateway?: string;
  AuxiliaryAddresses?: Record<string, string> | null;
}

export interface Ipam {
  Driver?: string;
  Options?: Record<string, string> | null;
  Config?: IpamConfig[] | null;
}

export interface NetworkCreate {
  Name: string;
  Driver?: string;
  CheckDuplicate?: boolean;
  Internal?: boolean;
  Attachable?: boolean;
  Ingress?: boolean;
  EnableIPv6?: boolean;
  IPAM?: Ipam;
  Options?: Record<string, string>;
  Labels?: Record<string, string>;
}

export interface Network {
  Name: string;
  Id: string;
  Created: string;
  Scope: string;
  Driver: string;
  EnableIPv6: boolean;
  Internal: boolean;
  Attachable: boolean;
  Ingress: boolean;
  IPAM: Ipam;
  Options: Record<string, string> | null;
  Labels: Record<string, string> | null;
  /** Endpoints by container id; those of other hosts under `ep-<endpoint id>`. Empty in lists. */
  Containers: Record<string, NetworkContainer> | null;
  Peers?: { Name: string; IP: string }[] | null;
}

export interface NetworkContainer {
  Name: string;
  EndpointID: string;
  MacAddress: string;
  IPv4Address: string;
  IPv6Address: string;
}

/** What a container asks of one network. */
export interface EndpointConfig {
  IPAMConfig?: { IPv4Address?: string; IPv6Address?: string; LinkLocalIPs?: string[] } | null;
  Aliases?: string[] | null;
  Links?: string[] | null;
  DriverOpts?: Record<string, string> | null;
  /** Only from API 1.44 on; before, a container has one address for all. */
  MacAddress?: string;
  /** Whose gateway is the container's: the highest. From API 1.48 on. */
  GwPriority?: number;
}

/** What a container has of one network. */
export interface Endpoint extends EndpointConfig {
  NetworkID: string;
  EndpointID: string;
  Gateway: string;
  IPAddress: string;
  IPPrefixLen: number;
  IPv6Gateway: string;
  GlobalIPv6Address: string;
  GlobalIPv6PrefixLen: number;
  MacAddress: string;
  /** Names by which peers find it, from API 1.44 on. */
  DNSNames?: string[] | null;
}

export interface Volume {
  Name: string;
  Driver: string;
  Mountpoint: string;
  Scope: string;
  Labels: Record<string, string> | null;
  Options: Record<string, string> | null;
}

export interface VolumeCreate {
  Name: string;
  Driver?: string;
  DriverOpts?: Record<string, string>;
  Labels?: Record<string, string>;
}

export interface Image {
  Id: string;
  RepoTags: string[] | null;
  RepoDigests: string[] | null;
  Created: string;
  Os: string;
  Architecture: string;
  Size: number;
  Config: {
    Cmd?: string[] | null;
    Entrypoint?: string[] | null;
    Env?: string[] | null;
    ExposedPorts?: Record<string, object> | null;
    Labels?: Record<string, string> | null;
    Volumes?: Record<string, object> | null;
    User?: string;
    WorkingDir?: string;
    Healthcheck?: HealthCheck | null;
    StopSignal?: string;
  } | null;
}
