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
   * The networks it joins, one endpoint each. Entries come, go and change in place, with the container running. Default:
   * none, which leaves the container on Docker's `bridge`.
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
      sandbox: undefined,
      endpoints: undefined,
      networkDatas: undefined,
    };
    super(typeOf("Container"), name, stubProperties("Container", name, properties, options), options);
  }
}
