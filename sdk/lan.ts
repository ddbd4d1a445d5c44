import * as pulumi from "@pulumi/pulumi";
import type { HostPlan } from "../provider/resources/macvlanNetwork/inputs";
import { type AdoptableArgs, type CommonArgs, type ConnectionArgs, splitConnections } from "./connection";
import { stubOptions, stubProperties, typeOf } from "./stub";

/** One host on a LAN. */
export interface LanHostArgs {
  connection: pulumi.Input<ConnectionArgs>;
  /** The interface on the LAN, such as `eth0`. A change replaces the network. */
  parent: pulumi.Input<string>;
  /**
   * The host's block of IPv4 addresses, `10.77.0.64/28`; it may lie outside `ipRange`, and may not overlap another
   * host's. Default: a block of `ipRange` that is planned for it, and kept for as long as the host stays. A change
   * replaces the network.
   */
  ipRange?: pulumi.Input<string>;
  /** The same of the IPv6 subnet. */
  ipv6Range?: pulumi.Input<string>;
}

/** One subnet of a LAN; the shape of `@pulumi/docker`'s. */
export interface LanIpamConfigArgs {
  /** A CIDR block such as `10.77.0.0/24`. Host bits are dropped. A change replaces the network. */
  subnet: pulumi.Input<string>;
  /**
   * The LAN's router, an address of the subnet; reserved on every host. Without it Docker gives the first address of each
   * host's block the name of a gateway, and nobody has it. A change replaces the network.
   */
  gateway?: pulumi.Input<string>;
  /**
   * What is shared out, one block a host, so that no two containers get the same address. Default: the whole subnet;
   * blocks with addresses in them that are reserved are then handed out last. Fixed addresses of containers have to lie
   * outside of it. A larger range that contains the old one moves nobody; one that leaves out a host's block replaces the
   * network.
   */
  ipRange?: pulumi.Input<string>;
  /**
   * Addresses of others on the LAN, by any name: no container gets them. One within a host's block replaces the network;
   * any other touches nothing. The hosts' own addresses need not be listed where `connection.host` is one.
   */
  auxAddress?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** What a LAN over many hosts takes, whichever driver makes it. */
export interface LanNetworkArgs extends CommonArgs, AdoptableArgs {
  /** The hosts on the LAN. Adding one touches only it; removing one takes the network away there, and nowhere else. */
  hosts: pulumi.Input<pulumi.Input<LanHostArgs>[]>;
  /** One IPv4 subnet, the LAN, and beside it at most one IPv6 subnet. */
  ipamConfigs: pulumi.Input<pulumi.Input<LanIpamConfigArgs>[]>;
  /**
   * The number of a VLAN, 1 to 4094, that the containers are on: the parents become `eth0.10`. Docker makes and removes
   * these links; one that was there before stays. Default: untagged. A change replaces the network.
   */
  vlan?: pulumi.Input<number>;
  /** Whether containers get no default route: they reach the LAN and nothing else. Default false. A change replaces the network. */
  internal?: pulumi.Input<boolean>;
  /**
   * Whether the subnet may be another than that of the parents' own addresses: a second IP network on the same wire.
   * Default false: such a subnet is refused as a mistake. A change touches nothing.
   */
  otherSubnet?: pulumi.Input<boolean>;
  /** Default: the resource's name. A change replaces the network. */
  name?: pulumi.Input<string>;
  /** A change replaces the network: Docker cannot change the labels of a network. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** What the two kinds of LAN have in common. */
export abstract class LanNetwork extends pulumi.CustomResource {
  /** For `networksAdvanced` of a `Container`, of this package or of `@pulumi/docker`. Known in every preview. */
  declare readonly name: pulumi.Output<string>;
  /** Parent interface and address range of each host; a host keeps its range for as long as it stays. */
  declare readonly plan: pulumi.Output<Record<string, HostPlan>>;
  /** Docker's id on each host: such networks are local. */
  declare readonly networkIds: pulumi.Output<Record<string, string>>;

  constructor(
    kind: "MacvlanNetwork" | "IpvlanNetwork",
    name: string,
    args: LanNetworkArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    const properties = lanProperties(name, args);
    super(typeOf(kind), name, stubProperties(kind, name, properties, options), stubOptions(options));
  }
}

/** The properties of a LAN as the engine gets them: what is to be seen beside the connections, which are secret. */
function lanProperties(name: string, args: LanNetworkArgs): pulumi.Inputs {
  const { connections, others } = splitConnections(args.hosts);
  return {
    ...args,
    name: args.name ?? name,
    hosts: others,
    connections,
    plan: undefined,
    networkIds: undefined,
    adoptedIds: undefined,
  };
}
