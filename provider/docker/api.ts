import type { Container, ContainerCreate, ContainerSummary, Resources } from "./containerTypes";
import type {
  EndpointConfig,
  EngineInfo,
  EngineVersion,
  Image,
  Network,
  NetworkCreate,
  Volume,
  VolumeCreate,
} from "./types";

/**
 * One host's Docker engine. Every call fails with a `CrosshostError` that says what was asked of which host:
 * `not-found`, `conflict`, `in-use`, `docker-refused` with Docker's own words, `docker-not-there`, `no-permission`,
 * `connection-lost`, `timed-out` or `unsupported`. Tests give resources a fake of this.
 */
export interface DockerApi {
  readonly engine: EngineApi;
  readonly containers: ContainersApi;
  readonly networks: NetworksApi;
  readonly images: ImagesApi;
  readonly volumes: VolumesApi;
}

export interface EngineApi {
  /** Succeeds when the engine answers. */
  ping(): Promise<void>;
  version(): Promise<EngineVersion>;
  info(): Promise<EngineInfo>;
  /** The API version in use with this engine, such as `1.41`. */
  apiVersion(): Promise<string>;
}

/** What a list is narrowed to; all given ones must hold. */
export interface Filter {
  /** Docker finds every name that *contains* this. */
  name?: string;
  /** `key` or `key=value`. */
  label?: string[];
}

export interface ContainersApi {
  /** Running ones, or all; `network` and `volume` by name or id. */
  list(filter?: Filter & { all?: boolean; network?: string; volume?: string }): Promise<ContainerSummary[]>;
  /** By id or name, as everywhere here. */
  inspect(container: string): Promise<Container>;
  create(name: string, config: ContainerCreate): Promise<{ Id: string; Warnings: string[] }>;
  /** Starting a running one is success. */
  start(container: string): Promise<void>;
  /** Kills it after so many seconds; default the container's own, else 10. Stopping a stopped one is success. */
  stop(container: string, seconds?: number): Promise<void>;
  /** `force` kills a running one; `volumes` takes its anonymous volumes with it. */
  remove(container: string, options?: { force?: boolean; volumes?: boolean }): Promise<void>;
  /** Changes what the engine can change in a container that stays. */
  update(container: string, changes: Resources): Promise<{ Warnings: string[] | null }>;
  rename(container: string, name: string): Promise<void>;
  /** Lets one go on that is paused. */
  unpause(container: string): Promise<void>;
  /** Unpacks a tar archive at its root, over what is there. */
  putArchive(container: string, archive: Buffer): Promise<void>;
  /** A tar archive of one of its files or folders, whether it runs or not. */
  getArchive(container: string, path: string): Promise<Buffer>;
  /** Resolves when it is not running, with its exit code. */
  wait(container: string): Promise<number>;
  /** What it printed, both streams together. */
  logs(container: string, options?: { tail?: number }): Promise<string>;
  /** Runs a command in it to its end, whatever its exit code. */
  exec(container: string, command: readonly string[], options?: ExecOptions): Promise<ExecResult>;
}

export interface ExecOptions {
  user?: string;
  env?: string[];
  privileged?: boolean;
}

export interface ExecResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** `known`: the network was there a moment before, and that the engine does not find it is no answer, for half a minute. */
export interface Known {
  known?: boolean;
}

export interface NetworksApi {
  list(filter?: Filter & { driver?: string }): Promise<Network[]>;
  /** By id or name. */
  inspect(network: string): Promise<Network>;
  create(network: NetworkCreate): Promise<{ Id: string; Warning: string }>;
  remove(network: string): Promise<void>;
  connect(network: string, container: string, endpoint?: EndpointConfig, options?: Known): Promise<void>;
  /** `force` also drops the endpoint of a container that is gone, or on another host. */
  disconnect(network: string, container: string, options?: Known & { force?: boolean }): Promise<void>;
}

/** One line of a pull's progress. */
export interface PullProgress {
  status: string;
  /** The layer. */
  id?: string;
  progressDetail?: { current?: number; total?: number };
}

/** Who a registry lets pull; only ever sent to the engine. */
export interface RegistryAuth {
  address?: string;
  username: string;
  password: string;
}

export interface PullOptions {
  auth?: RegistryAuth;
  onProgress?: (progress: PullProgress) => void;
}

export interface ImagesApi {
  /** By reference or id. */
  inspect(image: string): Promise<Image>;
  /** The digest that a reference has in its registry now; the engine asks, nothing is pulled. */
  registryDigest(image: string, auth?: RegistryAuth): Promise<string>;
  /** Pulls `busybox`, `busybox:1.35`, `registry/name@sha256:…`; without a tag, `latest`. */
  pull(image: string, options?: PullOptions): Promise<void>;
}

export interface VolumesApi {
  list(filter?: Filter): Promise<Volume[]>;
  inspect(volume: string): Promise<Volume>;
  /** Creating one that is there already answers with it as it is. */
  create(volume: VolumeCreate): Promise<Volume>;
  remove(volume: string): Promise<void>;
}
