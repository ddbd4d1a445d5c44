import * as pulumi from "@pulumi/pulumi";
import type { HostPlan } from "../provider/resources/macvlanNetwork/inputs";
import { type CommonArgs, type ConnectionArgs, type IpamConfigArgs, splitConnections } from "./connection";
import { stubProperties, typeOf } from "./stub";

export interface MacvlanHostArgs {
  connection: pulumi.Input<ConnectionArgs>;
  /** The interface on the LAN, such as `eth0`. A change replaces the network. */
  parent: pulumi.Input<string>;
}

export interface MacvlanNetworkArgs extends CommonArgs {
  /** The hosts on the LAN. Adding one touches only it; removing one takes the network away there, and nowhere else. */
  hosts: pulumi.Input<pulumi.Input<MacvlanHostArgs>[]>;
  /**
   * Exactly one entry: the LAN. Its `ipRange`, which has to be given, is shared out, one block a host, so that no two
   * containers get the same address; it may not contain a host's own. A change replaces the network and, in order, the containers on it.
   */
  ipamConfigs: pulumi.Input<pulumi.Input<IpamConfigArgs>[]>;
  /** Default: the resource's name. A change replaces the network. */
  name?: pulumi.Input<string>;
  /** A change replaces the network: Docker cannot change the labels of a network. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * One LAN over many hosts: the same macvlan network on each, with address ranges that do not overlap. A container on it
 * has an address of the LAN; the host that runs it is the one machine that cannot reach it there.
 */
export class MacvlanNetwork extends pulumi.CustomResource {
  /** For `networksAdvanced` of a `Container`, of this package or of `@pulumi/docker`. Known in every preview. */
  declare readonly name: pulumi.Output<string>;
  /** Parent interface and address range of each host; a host keeps its range for as long as it stays. */
  declare readonly plan: pulumi.Output<Record<string, HostPlan>>;
  /** Docker's id on each host: macvlan networks are local. */
  declare readonly networkIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MacvlanNetworkArgs, options?: pulumi.CustomResourceOptions) {
    const { connections, others } = splitConnections(args.hosts);
    const properties = {
      ...args,
      name: args.name ?? name,
      hosts: others,
      connections,
      plan: undefined,
      networkIds: undefined,
    };
    super(typeOf("MacvlanNetwork"), name, stubProperties("MacvlanNetwork", name, properties, options), options);
  }
}
