import type * as pulumi from "@pulumi/pulumi";
import { LanNetwork, type LanNetworkArgs } from "./lan";

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
export class IpvlanNetwork extends LanNetwork {
  constructor(name: string, args: IpvlanNetworkArgs, options?: pulumi.CustomResourceOptions) {
    super("IpvlanNetwork", name, args, options);
  }
}
