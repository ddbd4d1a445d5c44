import type { Endpoint, EndpointConfig } from "./types";

/** Containers in the Engine API's answers and requests, under its own names. */

export interface HealthCheck {
  /** `["CMD", …]`, `["CMD-SHELL", "…"]` or `["NONE"]`. */
  Test?: string[];
  /** Nanoseconds, as the next three or four. */
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  /** From API 1.44 on. */
  StartInterval?: number;
  Retries?: number;
}

export interface Mount {
  Type: "bind" | "volume" | "tmpfs";
  Target: string;
  Source?: string;
  ReadOnly?: boolean;
  BindOptions?: { Propagation?: string };
  TmpfsOptions?: { SizeBytes?: number; Mode?: number };
  VolumeOptions?: {
    NoCopy?: boolean;
    Labels?: Record<string, string> | null;
    DriverConfig?: { Name?: string; Options?: Record<string, string> | null };
    /** From API 1.45 on. */
    Subpath?: string;
  };
}

export interface Device {
  PathOnHost: string;
  PathInContainer: string;
  CgroupPermissions: string;
}

export interface Ulimit {
  Name: string;
  Soft: number;
  Hard: number;
}

export interface DeviceRequest {
  Driver?: string;
  /** -1: all there are. */
  Count?: number;
  DeviceIDs?: string[] | null;
  Capabilities?: string[][] | null;
}

export interface PortBinding {
  HostIp?: string;
  HostPort?: string;
}

export interface RestartPolicy {
  Name: "" | "no" | "always" | "unless-stopped" | "on-failure";
  MaximumRetryCount?: number;
}

/** What the engine can change in a container that exists. */
export interface Resources {
  /** Bytes, as the next two; 0: no limit, and in a change: as it is. */
  Memory?: number;
  MemoryReservation?: number;
  /** With memory; -1: no limit. */
  MemorySwap?: number;
  NanoCpus?: number;
  CpuShares?: number;
  /** Microseconds, as the next. */
  CpuPeriod?: number;
  CpuQuota?: number;
  CpusetCpus?: string;
  RestartPolicy?: RestartPolicy;
}

export interface HostConfig extends Resources {
  /** `bridge`, `host`, `none`, or a network's name. */
  NetworkMode?: string;
  Binds?: string[] | null;
  Mounts?: Mount[] | null;
  VolumesFrom?: string[] | null;
  Tmpfs?: Record<string, string> | null;
  ReadonlyRootfs?: boolean;
  StorageOpt?: Record<string, string> | null;
  ShmSize?: number;
  PortBindings?: Record<string, PortBinding[] | null> | null;
  PublishAllPorts?: boolean;
  Dns?: string[] | null;
  DnsSearch?: string[] | null;
  DnsOptions?: string[] | null;
  ExtraHosts?: string[] | null;
  CapAdd?: string[] | null;
  CapDrop?: string[] | null;
  Privileged?: boolean;
  SecurityOpt?: string[] | null;
  GroupAdd?: string[] | null;
  Devices?: Device[] | null;
  DeviceRequests?: DeviceRequest[] | null;
  Sysctls?: Record<string, string> | null;
  Ulimits?: Ulimit[] | null;
  PidMode?: string;
  IpcMode?: string;
  UsernsMode?: string;
  CgroupnsMode?: string;
  CgroupParent?: string;
  Runtime?: string;
  Init?: boolean | null;
  AutoRemove?: boolean;
  LogConfig?: { Type: string; Config?: Record<string, string> };
}

export interface ContainerConfig {
  Image: string;
  Hostname?: string;
  Domainname?: string;
  User?: string;
  WorkingDir?: string;
  Env?: string[] | null;
  Cmd?: string[] | null;
  Entrypoint?: string[] | null;
  Labels?: Record<string, string> | null;
  Volumes?: Record<string, object> | null;
  ExposedPorts?: Record<string, object> | null;
  Healthcheck?: HealthCheck | null;
  StopSignal?: string;
  StopTimeout?: number | null;
  Tty?: boolean;
  OpenStdin?: boolean;
}

export interface ContainerCreate extends ContainerConfig {
  /** Moved into the endpoint from API 1.44 on. */
  MacAddress?: string;
  HostConfig?: HostConfig;
  /** Engines before 25 (API 1.44) take one network here; the rest by `networks.connect`. */
  NetworkingConfig?: { EndpointsConfig?: Record<string, EndpointConfig> };
}

export type ContainerStatus = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";

export interface ContainerState {
  Status: ContainerStatus;
  /** Also true of one that is paused or about to be started again. */
  Running: boolean;
  Paused: boolean;
  Restarting: boolean;
  Pid: number;
  ExitCode: number;
  Error: string;
  StartedAt: string;
  FinishedAt: string;
  Health?: {
    Status: "none" | "starting" | "healthy" | "unhealthy";
    Log?: { ExitCode: number; Output: string }[] | null;
  };
}

export interface Container {
  Id: string;
  /** With a leading slash. */
  Name: string;
  Created: string;
  /** The image's id; `Config.Image` is what was asked for. */
  Image: string;
  RestartCount: number;
  State: ContainerState;
  Config: ContainerConfig;
  HostConfig: HostConfig;
  NetworkSettings: {
    SandboxID: string;
    SandboxKey: string;
    Ports?: Record<string, PortBinding[] | null> | null;
    /** By network name. */
    Networks: Record<string, Endpoint>;
  };
  Mounts?: { Type: string; Name?: string; Source: string; Destination: string; RW: boolean }[];
}

export interface ContainerSummary {
  Id: string;
  /** Each with a leading slash. */
  Names: string[];
  Image: string;
  ImageID: string;
  Labels: Record<string, string>;
  State: ContainerStatus;
  /** In words, such as `Up 3 minutes`. */
  Status: string;
  HostConfig: { NetworkMode?: string };
  NetworkSettings: { Networks: Record<string, Endpoint> };
}
