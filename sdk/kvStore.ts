import * as pulumi from "@pulumi/pulumi";
import type { StoreTls } from "../provider/kv/tls";
import type { Server, ServerState } from "../provider/resources/kvStore/inputs";
import { type CommonArgs, type ConnectionArgs, splitConnections } from "./connection";
import type { StoreTlsArgs } from "./storeTls";
import { stubOptions, stubProperties, typeOf } from "./stub";

export interface KVStoreServerArgs {
  /** The host that runs the server. */
  connection: pulumi.Input<ConnectionArgs>;
  /** The interface that has to have the server's address; an error where it has another. Default: not looked at. */
  bindInterface?: pulumi.Input<string>;
  /**
   * The IPv4 address the server listens on (Consul and etcd on loopback, too) and engines ask it at. Default:
   * `connection.host`, where that is an address. Another address on the same host replaces the store.
   */
  address?: pulumi.Input<string>;
}

export interface KVStoreArgs extends CommonArgs {
  /** Which store. A change replaces it, and before that everything that is in it: members, networks, containers. */
  kind: pulumi.Input<"consul" | "etcd" | "zookeeper">;
  /**
   * The hosts that run a server each: 1, 3 or 5. Three survive the loss of one, five of two. Servers come and go one
   * after another while one that has the data stays; a list that has no host in common with the one before replaces the
   * store. Give either this or `url`.
   */
  servers?: pulumi.Input<pulumi.Input<KVStoreServerArgs>[]>;
  /**
   * A store that somebody else runs, as engines name it: `consul://HOST:8500`, `etcd://HOST:2379,HOST:2379` or
   * `zk://HOST:2181,HOST:2181`. Nothing is made or removed then; that it has a leader, and takes and gives back a key, is
   * asked from each host of `reachableFrom`. A change touches nothing.
   */
  url?: pulumi.Input<string>;
  /**
   * Hosts that have to reach the store, such as all members: each is asked when the store is ready, and named where it
   * reaches a server not. With `url` at least one has to be given. Secret as a whole; the output has the hosts alone.
   */
  reachableFrom?: pulumi.Input<pulumi.Input<ConnectionArgs>[]>;
  /**
   * Default "consul:1.8.7", "quay.io/coreos/etcd:v3.3.25" or "zookeeper:3.4.13". A change pulls the image on every host
   * and then makes the servers anew on their data, one after another, the leader last; a store of one server is away for
   * about two seconds, which engines wait out. Of etcd, 3.4 and 3.5 are started with `--enable-v2`, and 3.6 is refused.
   */
  image?: pulumi.Input<string>;
  /**
   * The name and host name of each server's container, and the beginning of its volume's. Default: the resource's name. A
   * change replaces the store.
   */
  name?: pulumi.Input<string>;
  /**
   * The port that engines ask. Default 8500 (Consul), 2379 (etcd), 2181 (ZooKeeper). A change makes the servers anew, one
   * after another, and with the new `url` every member restarts its engine once.
   */
  port?: pulumi.Input<number>;
  /**
   * The named volume with each server's data; ZooKeeper's log has one more, `<dataVolume>-log`. Default `<name>-data`. A
   * change replaces the store.
   */
  dataVolume?: pulumi.Input<string>;
  /**
   * Has the servers speak TLS only, with engines, with each other and with whoever asks, and only with those that show a
   * certificate of `ca`. They are put into each server's container; members need the same or certificates of the same
   * authority: `tls` of `ClusterMember`. With `url`: how that store is asked. Not for ZooKeeper, to which engines speak
   * plainly. Default: none, everything is in plain text. Other certificates make the servers anew, one after another; from
   * or to none replaces the store. Secret.
   */
  tls?: pulumi.Input<StoreTlsArgs | undefined>;
  /**
   * Further environment of the servers; use `pulumi.secret` for what is secret. What the servers need for themselves is
   * set all the same. A change makes the servers anew, one after another.
   */
  environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Further arguments of the servers' command; for ZooKeeper, which has none, lines of its settings such as
   * `maxClientCnxns=100`. A change makes the servers anew, one after another.
   */
  extraArguments?: pulumi.Input<pulumi.Input<string>[]>;
  /** Labels of containers and volumes. A change makes the containers anew, one after another; volumes keep theirs. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Whether the volumes stay when the store is deleted or replaced; the next store of this name finds its networks there
   * again. The volume of a server that leaves a quorum always goes. Default false. A change touches nothing.
   */
  keepDataOnDelete?: pulumi.Input<boolean>;
  /**
   * Whether the store may be deleted or replaced with networks in it. Those that the same `up` or `destroy` deletes are
   * gone by then. It has to be in state before; for destroy, which runs no program, also by the environment:
   * `CROSSHOST_FORCE_DESTROY=1`. Default false. A change touches nothing.
   */
  forceDestroy?: pulumi.Input<boolean>;
}

/**
 * The key-value store in which the engines of a cluster keep networks, endpoints and addresses: Consul, etcd or
 * ZooKeeper, one server or a quorum of three or five, each in a container on its host, on the host's network, with its
 * data on a named volume, restarted with the engine. Or, with `url`, a store that is there already.
 *
 * Created when there is a quorum, one server leads it, and a key that is written through one is read through another, as
 * seen from every server's host.
 *
 * Deleting it deletes the data, and with it every network of the cluster: refused while there are any.
 */
export class KVStore extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly kind: pulumi.Output<"consul" | "etcd" | "zookeeper">;
  declare readonly image: pulumi.Output<string | undefined>;
  /**
   * The store as engines name it: `etcd://10.77.0.1:2379,10.77.0.2:2379,…` and `zk://…` with all servers. Engines take one
   * server only of a Consul: the first of `servers`, so that all have the same; a member whose own host runs a server
   * outlives the others' loss when it is given that one: `servers[i].url`. Known in every preview.
   */
  declare readonly url: pulumi.Output<string>;
  /** Consul's page, of its first server; with `tls` for browsers that have a certificate. Known in every preview. */
  declare readonly uiUrl: pulumi.Output<string | undefined>;
  /** The certificates given, for members. Secret. */
  declare readonly tls: pulumi.Output<StoreTls | undefined>;
  /** Each server's host, address, number and own URL. Known in every preview. */
  declare readonly servers: pulumi.Output<Server[]>;
  /** The hosts of `reachableFrom`. */
  declare readonly reachableFrom: pulumi.Output<string[] | undefined>;
  /** The named volume that holds each server's data. */
  declare readonly dataVolume: pulumi.Output<string | undefined>;
  /** Address, role when it was last changed, and container of each server. */
  declare readonly serverStates: pulumi.Output<ServerState[]>;

  constructor(name: string, args: KVStoreArgs, options?: pulumi.CustomResourceOptions) {
    const { reachableFrom, servers, ...others } = args;
    const split = servers === undefined ? {} : splitServers(servers);
    const properties = {
      ...others,
      ...split,
      name: args.name ?? name,
      ...(reachableFrom === undefined ? {} : { clientConnections: pulumi.secret(reachableFrom) }),
      ...(args.tls === undefined ? { tls: undefined } : { tls: pulumi.secret(args.tls) }),
      image: args.image,
      url: args.url,
      dataVolume: args.dataVolume,
      reachableFrom: undefined,
      uiUrl: undefined,
      serverStates: undefined,
    };
    super(typeOf("KVStore"), name, stubProperties("KVStore", name, properties, options), stubOptions(options));
  }
}

function splitServers(servers: NonNullable<KVStoreArgs["servers"]>) {
  const { connections, others } = splitConnections(servers);
  return { connections, servers: others };
}
