import type { Endpoint, EndpointConfig } from "./types";

/** Containers in the Engine API's answers and requests, under its own names. */

export interface HealthCheck {
  /** `["CMD", …]`, `["CMD-SHELL", "…"]` or `["NONE"]`. */
  Test?: string[];
  /** Nanoseconds, as the next three. */
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  Retries?: number;
}

export interface Mount {
  Type: "bind" | "volume" | "tmpfs";
  Target: string;
  Source?: string;
  ReadOnly?: boolean;
}

export interface PortBinding {
  HostIp?: string;
  HostPort?: string;
}

export interface RestartPolicy {
  Name: "" | "no" | "always" | "unless-stopped" | "on-failure";
  MaximumRetryCount?: number;
}

export interface HostConfig {
  /** `bridge`, `host`, `none`, or a network's name. */
  NetworkMode?: string;
  RestartPolicy?: RestartPolicy;
  Binds?: string[] | null;
  Mounts?: Mount[] | null;
  PortBindings?: Record<string, PortBinding[] | null> | null;
  CapAdd?: string[] | null;
  CapDrop?: string[] | null;
  Privileged?: boolean;
  Dns?: string[] | null;
  DnsSearch?: string[] | null;
  DnsOptions?: string[] | null;
  ExtraHosts?: string[] | null;
  Sysctls?: Record<string, string> | null;
  Tmpfs?: Record<string, string> | null;
  Memory?: number;
  NanoCpus?: number;
  Init?: boolean | null;
  AutoRemove?: boolean;
  ReadonlyRootfs?: boolean;
  LogConfig?: { Type: string; Config?: Record<string, string> };
}

interface ContainerConfig {
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
  Running: boolean;
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
