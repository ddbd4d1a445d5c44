import * as pulumi from "@pulumi/pulumi";
import type { ServerState } from "../provider/resources/kvStore/inputs";
import { type CommonArgs, type ConnectionArgs, splitConnections } from "./connection";
import { stubProperties, typeOf } from "./stub";

export interface KVStoreServerArgs {
  /** The host that runs the server. A change of its address replaces the store. */
  connection: pulumi.Input<ConnectionArgs>;
  /** The interface that has to have the server's address; an error where it has another. Default: not looked at. */
  bindInterface?: pulumi.Input<string>;
  /**
   * The IPv4 address the server listens on (beside loopback) and engines ask it at. Default: `connection.host`, where
   * that is an address. A change replaces the store.
   */
  address?: pulumi.Input<string>;
}

export interface KVStoreArgs extends CommonArgs {
  /** "consul", the one kind supported so far. A change replaces the store. */
  kind: pulumi.Input<"consul">;
  /** Exactly one server so far. */
  servers: pulumi.Input<pulumi.Input<KVStoreServerArgs>[]>;
  /**
   * Default "consul:1.8.7". A change pulls the image and makes the container anew on the same data: the store is away
   * for about two seconds, which engines wait out.
   */
  image?: pulumi.Input<string>;
  /**
   * The container's name and host name; the volume is `<name>-data`. Default: the resource's name. A change replaces
   * the store.
   */
  name?: pulumi.Input<string>;
}

/**
 * The key-value store in which the engines of a cluster keep networks, endpoints and addresses: a Consul server in a
 * container on one of the hosts, on the host's network, with its data on a named volume, restarted with the engine.
 * Created when a leader is elected and a probe key could be written, read and deleted.
 *
 * Deleting it deletes the volume, and with it every network of the cluster.
 */
export class KVStore extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly kind: pulumi.Output<"consul">;
  declare readonly image: pulumi.Output<string>;
  /** The store as engines name it: `consul://10.77.0.1:8500`. Known in every preview. */
  declare readonly url: pulumi.Output<string>;
  /** Consul's page. Known in every preview. */
  declare readonly uiUrl: pulumi.Output<string>;
  /** The named volume that holds the data. */
  declare readonly dataVolume: pulumi.Output<string>;
  declare readonly serverStates: pulumi.Output<ServerState[]>;

  constructor(name: string, args: KVStoreArgs, options?: pulumi.CustomResourceOptions) {
    const { connections, others } = splitConnections(args.servers);
    const properties = {
      ...args,
      name: args.name ?? name,
      servers: others,
      connections,
      image: args.image,
      url: undefined,
      uiUrl: undefined,
      dataVolume: undefined,
      serverStates: undefined,
    };
    super(typeOf("KVStore"), name, stubProperties("KVStore", name, properties, options), options);
  }
}
