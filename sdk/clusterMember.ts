import * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../provider/ssh/connection";
import type { CommonArgs, ConnectionArgs } from "./connection";
import { stubProperties, typeOf } from "./stub";

export interface ClusterMemberArgs extends CommonArgs {
  /** The host. The user has to be root. */
  connection: pulumi.Input<ConnectionArgs>;
  /**
   * The store's URL: `url` of a `KVStore`, or of a store that is there already: `consul://HOST:8500`,
   * `etcd://HOST:2379,HOST:2379`, `zk://HOST:2181,HOST:2181`, each with a prefix such as `/lab` where wanted. A change
   * restarts the engine.
   */
  clusterStore: pulumi.Input<string>;
  /**
   * The interface or address the other engines reach this one at, with a port: `eth0:2376`. Nothing listens on the
   * port; it is part of the engine's key in the store. A change restarts the engine.
   */
  clusterAdvertise: pulumi.Input<string>;
}

/**
 * Makes one host's Docker engine (20.10 or older) a member of a cluster: `--cluster-store` and `--cluster-advertise` on
 * docker.service, by a drop-in that keeps every flag the service already has. An engine that has had no store since its
 * start joins while it runs, with nothing on the host restarted; any other is restarted once, and containers that ran
 * before run again afterwards. Created when the engine is registered in the store and has joined the engines' gossip, so
 * that endpoints attached from then on are known everywhere.
 *
 * Deleting it removes the drop-in; the engine lets go of the store at its next start.
 */
export class ClusterMember extends pulumi.CustomResource {
  /** The host's connection, for what has to come after its membership. Secret. */
  declare readonly connection: pulumi.Output<Connection>;
  /** The host, as in `connection`. */
  declare readonly host: pulumi.Output<string>;
  declare readonly clusterStore: pulumi.Output<string>;
  declare readonly clusterAdvertise: pulumi.Output<string>;
  /** Docker's version, such as "20.10.5". */
  declare readonly engineVersion: pulumi.Output<string>;
  /** What the engine made of `clusterAdvertise`: `10.77.0.1:2376`. */
  declare readonly advertisedAddress: pulumi.Output<string>;

  constructor(name: string, args: ClusterMemberArgs, options?: pulumi.CustomResourceOptions) {
    const properties = {
      ...args,
      connection: pulumi.secret(args.connection),
      host: undefined,
      engineVersion: undefined,
      advertisedAddress: undefined,
    };
    super(typeOf("ClusterMember"), name, stubProperties("ClusterMember", name, properties, options), options);
  }
}
