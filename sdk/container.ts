import * as pulumi from "@pulumi/pulumi";
import type { Endpoint, NetworkData, Sandbox } from "../provider/resources/container/inputs";
import type { CommonArgs, ConnectionArgs } from "./connection";
import { stubProperties, typeOf } from "./stub";

export interface ContainerNetworkArgs {
  /** The network's name: `name` of an `OverlayNetwork` or a `MacvlanNetwork`. */
  name: pulumi.Input<string>;
  /** Names the container answers to in this network, beside its own. */
  aliases?: pulumi.Input<pulumi.Input<string>[]>;
  /** A fixed IPv4 address out of the network's subnet. Default: Docker's choice. */
  ipv4Address?: pulumi.Input<string>;
  /** A fixed IPv6 address out of the network's subnet. Default: Docker's choice, where the network has IPv6. */
  ipv6Address?: pulumi.Input<string>;
  /**
   * Default: Docker's choice. Engines before Docker 25 know one MAC address for each container: one entry may have it
   * there, and a change of it replaces the container.
   */
  macAddress?: pulumi.Input<string>;
  /** Options of the endpoint for the network's driver. */
  driverOpts?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Of several networks, the gateway of the one with the highest is the container's. Needs Docker 28. Default 0. */
  gwPriority?: pulumi.Input<number>;
}

export interface ContainerArgs extends CommonArgs {
  /** The host. Its engine is asked over SSH; the user has to be root or in the group docker. */
  connection: pulumi.Input<ConnectionArgs>;
  /** Pulled where it is not there yet. A change replaces the container. */
  image: pulumi.Input<string>;
  /** The command and its arguments. Default: the image's. A change replaces the container. */
  command?: pulumi.Input<pulumi.Input<string>[]>;
  /** `NAME=value` each; use `pulumi.secret` for what is secret. A change replaces the container. */
  envs?: pulumi.Input<pulumi.Input<string>[]>;
  /** A change replaces the container. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** When the engine starts the container again by itself. Default "no". Changed in place. */
  restart?: pulumi.Input<"no" | "always" | "on-failure" | "unless-stopped">;
  /** Whether it has to be running. Default true. Changed in place. */
  mustRun?: pulumi.Input<boolean>;
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
  /** Default: the resource's name. A change replaces the container. */
  name?: pulumi.Input<string>;
}

/** One container on one host, and its endpoints in the networks it joins. */
export class Container extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  /** The host, as in `connection`. */
  declare readonly host: pulumi.Output<string>;
  declare readonly containerId: pulumi.Output<string>;
  /** The version of the Docker Engine API that is spoken with the host. */
  declare readonly apiVersion: pulumi.Output<string>;
  /** Docker's word: "created", "running", "paused", "restarting", "exited" or "dead". */
  declare readonly state: pulumi.Output<string>;
  /** "starting", "healthy" or "unhealthy", where there is a health check. */
  declare readonly health: pulumi.Output<string | undefined>;
  /** Of one that has ended. */
  declare readonly exitCode: pulumi.Output<number | undefined>;
  /** The container's network stack, which its endpoints attach to networks. */
  declare readonly sandbox: pulumi.Output<Sandbox>;
  declare readonly endpoints: pulumi.Output<Endpoint[]>;
  /** The endpoints' addresses in the shape of `@pulumi/docker`. */
  declare readonly networkDatas: pulumi.Output<NetworkData[]>;

  constructor(name: string, args: ContainerArgs, options?: pulumi.CustomResourceOptions) {
    const properties = {
      ...args,
      name: args.name ?? name,
      connection: pulumi.secret(args.connection),
      host: undefined,
      containerId: undefined,
      apiVersion: undefined,
      state: undefined,
      health: undefined,
      exitCode: undefined,
      sandbox: undefined,
      endpoints: undefined,
      networkDatas: undefined,
    };
    super(typeOf("Container"), name, stubProperties("Container", name, properties, options), options);
  }
}
