import * as pulumi from "@pulumi/pulumi";
import type { HostPlan } from "../provider/resources/macvlanNetwork/inputs";
import { type LanNetworkArgs, lanProperties } from "./lan";
import { stubOptions, stubProperties, typeOf } from "./stub";

export interface IpvlanNetworkArgs extends LanNetworkArgs {
  /**
   * "l2": containers are on the LAN as with macvlan. "l3", "l3s": the host routes for them, and the LAN's routers need a
   * route to each host's block; with "l3s" what they receive passes the host's netfilter. "l3s" needs Docker 23.
   * Default "l2". A change replaces the network.
   */
  mode?: pulumi.Input<"l2" | "l3" | "l3s">;
  /**
   * Whether containers of one host reach each other directly ("bridge"), not at all ("private"), or by way of the switch
   * ("vepa"). Others than "bridge" need Docker 23. Default "bridge". A change replaces the network.
   */
  flag?: pulumi.Input<"bridge" | "private" | "vepa">;
  /** Docker's names, `ipvlan_mode` and `ipvlan_flag`, as in `@pulumi/docker`. Any other key is an error. */
  options?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * One LAN over many hosts whose containers share the MAC address of their host's interface: for underlays that drop
 * frames of other addresses (most clouds, Wi-Fi, ESXi without promiscuous mode). Otherwise as `MacvlanNetwork`.
 */
export class IpvlanNetwork extends pulumi.CustomResource {
  /** For `networksAdvanced` of a `Container`, of this package or of `@pulumi/docker`. Known in every preview. */
  declare readonly name: pulumi.Output<string>;
  /** Parent interface and address range of each host; a host keeps its range for as long as it stays. */
  declare readonly plan: pulumi.Output<Record<string, HostPlan>>;
  /** Docker's id on each host: ipvlan networks are local. */
  declare readonly networkIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: IpvlanNetworkArgs, options?: pulumi.CustomResourceOptions) {
    const properties = lanProperties(name, args);
    super(
      typeOf("IpvlanNetwork"),
      name,
      stubProperties("IpvlanNetwork", name, properties, options),
      stubOptions(options),
    );
  }
}
