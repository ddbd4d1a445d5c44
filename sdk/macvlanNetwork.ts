import type * as pulumi from "@pulumi/pulumi";
import { type LanHostArgs, LanNetwork, type LanNetworkArgs } from "./lan";

export type MacvlanHostArgs = LanHostArgs;

export interface MacvlanNetworkArgs extends LanNetworkArgs {
  /**
   * "bridge": containers of one host reach each other directly. "private": they do not reach each other. "vepa": what
   * they say to each other goes out and has to come back from the switch. "passthru": one container has the interface.
   * Default "bridge". A change replaces the network.
   */
  mode?: pulumi.Input<"bridge" | "private" | "vepa" | "passthru">;
  /**
   * Whether each host reaches its own containers on the LAN, which the kernel does not let it otherwise: by a link of
   * its own beside theirs (the shim), with an address out of the host's block and a route to that block, made again at
   * every boot by a systemd unit. Needs root on the hosts. Only in mode "bridge". Default false. Taken back in place;
   * asked for later, it replaces the network, since the address has to be reserved.
   */
  hostAccess?: pulumi.Input<boolean>;
  /** Docker's name for `mode`, `macvlan_mode`, as in `@pulumi/docker`. Any other key is an error: Docker passes over it. */
  options?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * One LAN over many hosts: the same macvlan network on each, with address ranges that do not overlap. A container on it
 * has an address of the LAN and a MAC address of its own; the host that runs it is the one machine that cannot reach it
 * there, unless `hostAccess` is given.
 */
export class MacvlanNetwork extends LanNetwork {
  constructor(name: string, args: MacvlanNetworkArgs, options?: pulumi.CustomResourceOptions) {
    super("MacvlanNetwork", name, args, options);
  }
}
