import type * as pulumi from "@pulumi/pulumi";

export type Strings = pulumi.Input<pulumi.Input<string>[]>;
export type StringRecord = pulumi.Input<Record<string, pulumi.Input<string>>>;

export interface LabelArgs {
  label: pulumi.Input<string>;
  value: pulumi.Input<string>;
}

export type Labels = StringRecord | pulumi.Input<pulumi.Input<LabelArgs>[]>;

export interface ContainerNetworkArgs {
  /** The network's name: `name` of an `OverlayNetwork` or a `MacvlanNetwork`. */
  name: pulumi.Input<string>;
  /** Names the container answers to in this network, beside its own. */
  aliases?: Strings;
  /**
   * A fixed IPv4 address out of the network's subnet; on a LAN over many hosts, one outside of what is shared out between
   * them. Default: Docker's choice.
   */
  ipv4Address?: pulumi.Input<string>;
  /** The same for IPv6. Default: Docker's choice, where the network has IPv6. */
  ipv6Address?: pulumi.Input<string>;
  /**
   * Default: Docker's choice. A change replaces the container. Engines before Docker 25 know one MAC address for each
   * container: one entry may have it there. From Docker 25 on, another change of an entry that has it replaces, too.
   */
  macAddress?: pulumi.Input<string>;
  /** Options of the endpoint for the network's driver. */
  driverOpts?: StringRecord;
  /** Of several networks, the gateway of the one with the highest is the container's. Needs Docker 28. Default 0. */
  gwPriority?: pulumi.Input<number>;
}

export interface PortArgs {
  /** In the container. */
  internal: pulumi.Input<number>;
  /** On the host. Default: Docker's choice, which `publishedPorts` tells. */
  external?: pulumi.Input<number>;
  /** The host's address that takes it. Default: all. */
  ip?: pulumi.Input<string>;
  /** Default "tcp". */
  protocol?: pulumi.Input<"tcp" | "udp" | "sctp">;
}

/** A line of /etc/hosts. */
export interface HostEntryArgs {
  host: pulumi.Input<string>;
  /** An address, or "host-gateway". */
  ip: pulumi.Input<string>;
}

/** With `hostPath` a folder of the host, with `volumeName` a named volume, without either an anonymous one. */
export interface VolumeArgs {
  /** Where it is in the container. */
  containerPath?: pulumi.Input<string>;
  hostPath?: pulumi.Input<string>;
  volumeName?: pulumi.Input<string>;
  /** A container all of whose volumes this one has, too; alone. */
  fromContainer?: pulumi.Input<string>;
  /** Default false. */
  readOnly?: pulumi.Input<boolean>;
}

export interface MountArgs {
  type: pulumi.Input<"bind" | "volume" | "tmpfs">;
  /** Where it is in the container. */
  target: pulumi.Input<string>;
  /** A folder of the host, or the name of a volume. */
  source?: pulumi.Input<string>;
  /** Default false. */
  readOnly?: pulumi.Input<boolean>;
  bindOptions?: pulumi.Input<{ propagation?: pulumi.Input<string> }>;
  tmpfsOptions?: pulumi.Input<{ sizeBytes?: pulumi.Input<number>; mode?: pulumi.Input<number> }>;
  volumeOptions?: pulumi.Input<MountVolumeOptionsArgs>;
}

export interface MountVolumeOptionsArgs {
  /** Whether a new volume stays empty instead of taking what the image has there. */
  noCopy?: pulumi.Input<boolean>;
  labels?: Labels;
  driverName?: pulumi.Input<string>;
  driverOptions?: StringRecord;
  /** The folder in the volume. Needs Docker 26. */
  subpath?: pulumi.Input<string>;
}

/** With exactly one of `content`, `contentBase64` and `source`. */
export interface UploadArgs {
  /** Its absolute path in the container; folders are made where they are missing. */
  file: pulumi.Input<string>;
  content?: pulumi.Input<string>;
  contentBase64?: pulumi.Input<string>;
  /** A file on the machine that runs Pulumi. Read in every preview, so that one that has changed replaces. */
  source?: pulumi.Input<string>;
  /** A change of it says that the file at `source` has changed. Default: the file's SHA-256. */
  sourceHash?: pulumi.Input<string>;
  /** Whether its owner may execute it. Default false. */
  executable?: pulumi.Input<boolean>;
  /** Its mode, such as "0600"; more than `executable`. Default "0644". */
  permissions?: pulumi.Input<string>;
}

export interface UlimitArgs {
  name: pulumi.Input<string>;
  soft: pulumi.Input<number>;
  hard: pulumi.Input<number>;
}

export interface CapabilitiesArgs {
  adds?: Strings;
  drops?: Strings;
}

export interface DeviceArgs {
  hostPath: pulumi.Input<string>;
  /** Default: `hostPath`. */
  containerPath?: pulumi.Input<string>;
  /** Of the letters r, w and m. Default "rwm". */
  permissions?: pulumi.Input<string>;
}

/** Durations are such as "30s" or "1m30s"; what is left out is the image's, else Docker's. */
export interface HealthcheckArgs {
  /** `["CMD", …]`, `["CMD-SHELL", "…"]` or `["NONE"]`. */
  tests: Strings;
  interval?: pulumi.Input<string>;
  timeout?: pulumi.Input<string>;
  startPeriod?: pulumi.Input<string>;
  /** Between two checks in the start period. Needs Docker 25. */
  startInterval?: pulumi.Input<string>;
  retries?: pulumi.Input<number>;
}

export interface RegistryAuthArgs {
  /** Of the registry. Default: the image's. */
  address?: pulumi.Input<string>;
  username: pulumi.Input<string>;
  password: pulumi.Input<string>;
}
