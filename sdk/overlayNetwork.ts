import * as pulumi from "@pulumi/pulumi";
import type { AdoptableArgs, CommonArgs, ConnectionArgs, IpamConfigArgs } from "./connection";
import { stubOptions, stubProperties, typeOf } from "./stub";

export interface OverlayNetworkArgs extends CommonArgs, AdoptableArgs {
  /**
   * The members' connections (`members.map(m => m.connection)`). The network is made through the first that answers; adding
   * or removing a host changes nothing for the others.
   */
  connections: pulumi.Input<pulumi.Input<ConnectionArgs>[]>;
  /**
   * At least one subnet, clear of the hosts' own networks and routes. A change replaces the network and, in order, the
   * containers on it, as does a change of whatever else Docker cannot change in a network.
   */
  ipamConfigs: pulumi.Input<pulumi.Input<IpamConfigArgs>[]>;
  /** Docker's driver for addresses. Default "default". A change replaces the network. */
  ipamDriver?: pulumi.Input<string>;
  /** Options of that driver. A change replaces the network. */
  ipamOptions?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Default: the resource's name. A change replaces the network. */
  name?: pulumi.Input<string>;
  /** Docker's driver options, passed on as they are; `mtu` and `vxlanId` stand for two of them. A change replaces the network. */
  options?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** A change replaces the network: Docker cannot change the labels of a network. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Whether its containers reach each other and nothing else. Default false. A change replaces the network. */
  internal?: pulumi.Input<boolean>;
  /** Docker's flag, which means something to Swarm alone. Default false. A change replaces the network. */
  attachable?: pulumi.Input<boolean>;
  /**
   * Bytes that a packet between the hosts may have; containers have 50 less. Docker's option
   * `com.docker.network.driver.mtu`. Default 1500. A change replaces the network.
   */
  mtu?: pulumi.Input<number>;
  /**
   * The number of the VXLAN, 1 to 16777215; a network of several subnets has as many, counted on from this one. It must be
   * no other network's between the same hosts. Default: Docker's choice. A change replaces the network.
   */
  vxlanId?: pulumi.Input<number>;
}

/**
 * A VXLAN network that every member of a cluster sees: made once, kept in the cluster's key-value store. Created when
 * every host of `connections` that answers sees it under the same id. What Swarm alone has (encryption, ingress, scope) and
 * IPv6 are refused in the preview.
 */
export class OverlayNetwork extends pulumi.CustomResource {
  /** For `networksAdvanced` of a `Container`, of this package or of `@pulumi/docker`. Known in every preview. */
  declare readonly name: pulumi.Output<string>;
  /** The hosts, as in `connections`. */
  declare readonly hosts: pulumi.Output<string[]>;
  declare readonly ipamConfigs: pulumi.Output<
    { subnet: string; gateway?: string; ipRange?: string; auxAddress?: Record<string, string> }[]
  >;
  declare readonly mtu: pulumi.Output<number | undefined>;
  declare readonly vxlanId: pulumi.Output<number | undefined>;
  /** Docker's id, the same on every host. */
  declare readonly networkId: pulumi.Output<string>;
  /** Docker's scope: "global". */
  declare readonly scope: pulumi.Output<string>;
  /** Docker's id of the network where it was taken over by `adopt`. */
  declare readonly adoptedIds: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: OverlayNetworkArgs, options?: pulumi.CustomResourceOptions) {
    const properties = {
      ...args,
      name: args.name ?? name,
      connections: pulumi.secret(args.connections),
      hosts: undefined,
      networkId: undefined,
      scope: undefined,
      adoptedIds: undefined,
    };
    super(
      typeOf("OverlayNetwork"),
      name,
      stubProperties("OverlayNetwork", name, properties, options),
      stubOptions(options),
    );
  }
}
