import * as pulumi from "@pulumi/pulumi";
import type { CommonArgs, ConnectionArgs, IpamConfigArgs } from "./connection";
import { stubProperties, typeOf } from "./stub";

export interface OverlayNetworkArgs extends CommonArgs {
  /**
   * The members' connections (`members.map(m => m.connection)`). The network is made through the first; adding or
   * removing a host changes nothing for the others.
   */
  connections: pulumi.Input<pulumi.Input<ConnectionArgs>[]>;
  /** At least one subnet. A change replaces the network and, in order, the containers on it. */
  ipamConfigs: pulumi.Input<pulumi.Input<IpamConfigArgs>[]>;
  /** Default: the resource's name. A change replaces the network. */
  name?: pulumi.Input<string>;
  /** Docker's driver options, such as `com.docker.network.driver.mtu`. A change replaces the network. */
  options?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** A change replaces the network: Docker cannot change the labels of a network. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A VXLAN network that every member of a cluster sees: made once, kept in the cluster's key-value store. Created when
 * every host of `connections` sees it under the same id.
 */
export class OverlayNetwork extends pulumi.CustomResource {
  /** For `networksAdvanced` of a `Container`, of this package or of `@pulumi/docker`. Known in every preview. */
  declare readonly name: pulumi.Output<string>;
  /** The hosts, as in `connections`. */
  declare readonly hosts: pulumi.Output<string[]>;
  declare readonly ipamConfigs: pulumi.Output<{ subnet: string; gateway?: string; ipRange?: string }[]>;
  /** Docker's id, the same on every host. */
  declare readonly networkId: pulumi.Output<string>;
  /** Docker's scope: "global". */
  declare readonly scope: pulumi.Output<string>;

  constructor(name: string, args: OverlayNetworkArgs, options?: pulumi.CustomResourceOptions) {
    const properties = {
      ...args,
      name: args.name ?? name,
      connections: pulumi.secret(args.connections),
      hosts: undefined,
      networkId: undefined,
      scope: undefined,
    };
    super(typeOf("OverlayNetwork"), name, stubProperties("OverlayNetwork", name, properties, options), options);
  }
}
