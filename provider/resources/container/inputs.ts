import * as v from "valibot";
import type { ContainerStatus } from "../../docker/containerTypes";
import type { OptionTable } from "../shared/options";
import { adoptable, common, connection, dockerName } from "../shared/schema";
import { containerOptions, type OptionName, optionSchemas } from "./options";

export type { NetworkAttachment } from "./options/networks";

const verifyConnectivity = v.optional(
  v.picklist(["require", "warn", "off"], 'to be "require", "warn" or "off"'),
  "require",
);

export const schema = v.strictObject(
  { ...common, ...adoptable, connection, name: dockerName, ...optionSchemas, verifyConnectivity },
  "to be an object",
);

/** A container's inputs after check. */
export interface ContainerInputs extends v.InferOutput<typeof schema> {
  /** The host's id, to be seen beside the secret connection. */
  host: string;
  /** Always wanted; false in state where a refresh found that it and its peers do not reach each other. */
  reachable: boolean;
}

/** Where one network meets the container: an endpoint, in the words of the Container Network Model. */
export interface Endpoint {
  network: string;
  id: string;
  /** The interface in the container, such as `eth0`; absent while it does not run. */
  interface?: string;
  address: string;
  ipv6Address?: string;
  macAddress: string;
  gateway: string;
  /** The host where its peers find it. */
  host: string;
}

/** The container's network stack: a Linux network namespace. */
export interface Sandbox {
  id: string;
  /** Path of the network namespace on the host. */
  key: string;
}

/** The shape of `@pulumi/docker`'s output of this name. */
export interface NetworkData {
  networkName: string;
  ipAddress: string;
  ipPrefixLength: number;
  gateway: string;
  globalIpv6Address: string;
  globalIpv6PrefixLength: number;
  ipv6Gateway: string;
  macAddress: string;
}

/** A port of the container, and where the host takes it. */
export interface PublishedPort {
  internal: number;
  protocol: string;
  ip: string;
  external: number;
}

export interface ContainerState extends ContainerInputs {
  containerId: string;
  /** The image's id on the host. */
  imageId: string;
  /** The image's digest in its registry, `sha256:…`; where `pullTriggers` is given. */
  imageDigest?: string;
  /** The version of the Docker Engine API that is spoken with the host. */
  apiVersion: string;
  /** Docker's word: "created", "running", "paused", "restarting", "exited" or "dead". */
  state: ContainerStatus;
  /** "starting", "healthy" or "unhealthy", where there is a health check. */
  health?: string;
  /** Of one that has ended. */
  exitCode?: number;
  sandbox: Sandbox;
  endpoints: Endpoint[];
  networkDatas: NetworkData[];
  publishedPorts: PublishedPort[];
  /** Limits that the engine has no means to keep: it said so, and they are not asked for again. */
  discardedLimits?: OptionName[];
  /** The container that was taken over, where it was. */
  adoptedIds?: string[];
}

export const options: OptionTable<ContainerInputs> = {
  owner: { onChange: "ignore" },
  connection: { onChange: "update", replaceWhenUnknown: true },
  host: { onChange: "replace" },
  name: { onChange: "replace" },
  ...containerOptions,
  verifyConnectivity: { onChange: "update" },
  reachable: { onChange: "update" },
  adopt: { onChange: "record" },
  timeouts: { onChange: "record" },
  skipUnreachableHosts: { onChange: "record" },
};
