import type * as pulumi from "@pulumi/pulumi";
import type { CommonArgs, ConnectionArgs } from "./connection";
import type {
  CapabilitiesArgs,
  ContainerNetworkArgs,
  DeviceArgs,
  HealthcheckArgs,
  HostEntryArgs,
  Labels,
  MountArgs,
  PortArgs,
  RegistryAuthArgs,
  StringRecord,
  Strings,
  UlimitArgs,
  UploadArgs,
  VolumeArgs,
} from "./containerOptionArgs";

/**
 * The options of a container; names and shapes are those of `@pulumi/docker`'s Container. What an image or an engine gives
 * by itself never shows as a difference. docs/container.md has them in one table.
 */
export interface ContainerArgs extends CommonArgs {
  /** The host. Its engine is asked over SSH; the user has to be root, in the group docker, or allowed sudo. */
  connection: pulumi.Input<ConnectionArgs>;
  /** Pulled where it is not there yet. A change replaces the container. */
  image: pulumi.Input<string>;
  /** Default: the resource's name. A change replaces the container. */
  name?: pulumi.Input<string>;
  /**
   * Whether a container of this name that somebody else made is taken over, where it is the same in all that cannot be
   * changed; where it is not, every difference is named. It belongs to this resource from then on. Default false. A
   * change touches nothing.
   */
  adopt?: pulumi.Input<boolean>;

  /** The command and its arguments. Default: the image's. A change replaces the container. */
  command?: Strings;
  /** What runs the command. Default: the image's. A change replaces the container. */
  entrypoints?: Strings;
  /** `NAME=value` each, every name once. Secret as a whole, also when given as plain strings. A change replaces the container. */
  envs?: Strings;
  /** Also as a list of `{ label, value }`. A change replaces the container. */
  labels?: Labels;
  /** Default: the container's short id. A change replaces the container. */
  hostname?: pulumi.Input<string>;
  /** A change replaces the container. */
  domainname?: pulumi.Input<string>;
  /** A user or `user:group`, by name or number. Default: the image's. A change replaces the container. */
  user?: pulumi.Input<string>;
  /** Groups the process is in beside the user's own. A change replaces the container. */
  groupAdds?: Strings;
  /** An absolute path. Default: the image's. A change replaces the container. */
  workingDir?: pulumi.Input<string>;
  /** Whether it has a terminal. Default false. A change replaces the container. */
  tty?: pulumi.Input<boolean>;
  /** Whether its standard input stays open. Default false. A change replaces the container. */
  stdinOpen?: pulumi.Input<boolean>;
  /** Whether an init process of Docker's is its first. Default: the engine's. A change replaces the container. */
  init?: pulumi.Input<boolean>;
  /** What tells it to end. Default: the image's, else "SIGTERM". A change replaces the container. */
  stopSignal?: pulumi.Input<string>;
  /** Seconds it has to end before it is killed. Default 10. A change replaces the container. */
  stopTimeout?: pulumi.Input<number>;

  /** When the engine starts the container again by itself. Default "no". Changed in place. */
  restart?: pulumi.Input<"no" | "always" | "on-failure" | "unless-stopped">;
  /** How often at most, with `restart: "on-failure"`. Default: without limit. Changed in place. */
  maxRetryCount?: pulumi.Input<number>;
  /**
   * Whether it has to be running: one that ended is started by the next `up` after a refresh, and one that ends at once
   * is an error. False for one that may end: it is started once. Default true. Changed in place.
   */
  mustRun?: pulumi.Input<boolean>;
  /** Whether it is started at all; false also stops one that runs. Default true. Changed in place. */
  start?: pulumi.Input<boolean>;
  /**
   * Whether to wait until its health check says healthy or, where it has none, until it has run for two seconds. Default
   * false. Changed in place.
   */
  wait?: pulumi.Input<boolean>;
  /** Seconds that `wait` takes at most. Default 60. A change touches nothing. */
  waitTimeout?: pulumi.Input<number>;
  /** Default: the image's; `tests: ["NONE"]` for none at all. A change replaces the container. */
  healthcheck?: pulumi.Input<HealthcheckArgs>;
  /**
   * Seconds it has to end by itself when it is removed or replaced, before it is killed. Default: `stopTimeout` where
   * that is given, else it is killed at once. A change touches nothing.
   */
  destroyGraceSeconds?: pulumi.Input<number>;
  /** Whether its anonymous volumes are removed with it. Default true. A change touches nothing. */
  removeVolumes?: pulumi.Input<boolean>;

  /**
   * "host", "none", "container:NAME", or the name of a network. Default: the first of `networksAdvanced`, else "bridge". A
   * change replaces the container.
   */
  networkMode?: pulumi.Input<string>;
  /**
   * The networks it joins, one endpoint each. Entries come, go and change in place, with the container running: new ones
   * are joined before others are left. A changed endpoint leaves and joins again, at the address it had. Default: none,
   * which leaves the container on Docker's `bridge`.
   */
  networksAdvanced?: pulumi.Input<pulumi.Input<ContainerNetworkArgs>[]>;
  /**
   * Whether it counts as done only when packets flow between it and this stack's containers on other hosts, over each of
   * its overlay and LAN networks: "require" fails with a diagnosis where they do not and it cannot be healed, "warn" says so, "off"
   * does not look. Hosts that do not answer and other people's containers are warned of. docs/connectivity.md has what is
   * proven and healed. Default "require". A change touches no container.
   */
  verifyConnectivity?: pulumi.Input<"require" | "warn" | "off">;
  /** What of it is reached at the host's addresses. A change replaces the container. */
  ports?: pulumi.Input<pulumi.Input<PortArgs>[]>;
  /** Whether every port that the image exposes is published, at ports of Docker's choice. Default false. A change replaces the container. */
  publishAllPorts?: pulumi.Input<boolean>;
  /** Name servers, in order. Default: the engine's. A change replaces the container. */
  dns?: Strings;
  /** Options of resolv.conf, such as "ndots:2". A change replaces the container. */
  dnsOpts?: Strings;
  /** Domains that bare names are looked up in. A change replaces the container. */
  dnsSearches?: Strings;
  /** Lines of its /etc/hosts. A change replaces the container. */
  hosts?: pulumi.Input<pulumi.Input<HostEntryArgs>[]>;

  /** Folders that outlive it. A change replaces the container; what is in named volumes and in the host's folders stays. */
  volumes?: pulumi.Input<pulumi.Input<VolumeArgs>[]>;
  /** The newer form of `volumes`, with more options. A change replaces the container. */
  mounts?: pulumi.Input<pulumi.Input<MountArgs>[]>;
  /** Folders in memory, with their mount options: `{ "/run": "size=64m" }`. A change replaces the container. */
  tmpfs?: StringRecord;
  /** Whether its own file system is read-only. Default false. A change replaces the container. */
  readOnly?: pulumi.Input<boolean>;
  /** Options of the engine's storage driver, such as `{ size: "10G" }`. A change replaces the container. */
  storageOpts?: StringRecord;
  /** Files that are put into it before it first starts. A change replaces the container. */
  uploads?: pulumi.Input<pulumi.Input<UploadArgs>[]>;
  /** MB of /dev/shm. Default: the engine's, 64. A change replaces the container. */
  shmSize?: pulumi.Input<number>;

  /**
   * MB, as the next two. Limits are set and changed while it runs; the engine can take none away, so that one which is no
   * longer given replaces the container. An engine that has no means to keep a limit says so, once.
   */
  memory?: pulumi.Input<number>;
  /** What it is held to where memory is short. */
  memoryReservation?: pulumi.Input<number>;
  /** Memory and swap together; -1: without limit. Default: twice `memory`. */
  memorySwap?: pulumi.Input<number>;
  /** How many CPUs' time it may use, such as "1.5". Changed in place, like the next four. */
  cpus?: pulumi.Input<string>;
  /** Its weight where CPU time is short. Docker's own default is 1024. */
  cpuShares?: pulumi.Input<number>;
  /** Microseconds. Instead of `cpus`. */
  cpuPeriod?: pulumi.Input<number>;
  /** Microseconds of each period. Instead of `cpus`. */
  cpuQuota?: pulumi.Input<number>;
  /** The CPUs it may run on, such as "0-1" or "0,2". */
  cpuSet?: pulumi.Input<string>;
  /** A change replaces the container. */
  ulimits?: pulumi.Input<pulumi.Input<UlimitArgs>[]>;

  /** Default false. A change replaces the container. */
  privileged?: pulumi.Input<boolean>;
  /** With or without `CAP_`. A change replaces the container. */
  capabilities?: pulumi.Input<CapabilitiesArgs>;
  /** A change replaces the container. */
  devices?: pulumi.Input<pulumi.Input<DeviceArgs>[]>;
  /** "all". A change replaces the container. */
  gpus?: pulumi.Input<"all">;
  /** Kernel settings of its namespaces. A change replaces the container. */
  sysctls?: StringRecord;
  /** Such as "no-new-privileges". A change replaces the container. */
  securityOpts?: Strings;
  /** Default: the engine's. A change replaces the container. */
  runtime?: pulumi.Input<string>;
  /** "host" or "container:NAME". Default: its own. A change replaces the container. */
  pidMode?: pulumi.Input<string>;
  /** "none", "private", "shareable", "host" or "container:NAME". Default: the engine's. A change replaces the container. */
  ipcMode?: pulumi.Input<string>;
  /** "host". Default: the engine's. A change replaces the container. */
  usernsMode?: pulumi.Input<string>;
  /** "private" or "host". Default: the engine's. A change replaces the container. */
  cgroupnsMode?: pulumi.Input<string>;
  /** A change replaces the container. */
  cgroupParent?: pulumi.Input<string>;

  /** Default: the engine's. A change replaces the container. */
  logDriver?: pulumi.Input<string>;
  /** Options of the logging driver, such as `{ "max-size": "10m" }`. A change replaces the container. */
  logOpts?: StringRecord;

  /**
   * Where given, the image is pulled whenever the container is made, its digest is kept in state, and a refresh asks the
   * registry whether the tag has moved: the next `up` then replaces the container. A change of the list replaces it, too.
   */
  pullTriggers?: Strings;
  /** Who may pull the image. Secret, also when given as plain strings. A change touches nothing. */
  registryAuth?: pulumi.Input<RegistryAuthArgs>;
}
