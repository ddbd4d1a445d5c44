import * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../provider/ssh/connection";
import type { CommonArgs, ConnectionArgs } from "./connection";
import type { StoreTlsArgs } from "./storeTls";
import { stubOptions, stubProperties, typeOf } from "./stub";

export interface ClusterMemberArgs extends CommonArgs {
  /** The host. The user has to be root, or allowed sudo. A change of its address replaces the member. */
  connection: pulumi.Input<ConnectionArgs>;
  /**
   * The store's URL: `url` of a `KVStore`, or of a store that is there already: `consul://h:8500`,
   * `etcd://h1:2379,h2:2379`, `zk://h1:2181,h2:2181` (refused with Docker 20.10, which crashes on it), with a prefix for its
   * keys behind a slash. A change restarts the engine, in place.
   */
  clusterStore: pulumi.Input<string>;
  /**
   * The interface or address the other engines reach this one at, with a port: `eth0:2376`. Nothing listens on the
   * port; it is part of the engine's key in the store. A change restarts the engine, in place.
   */
  clusterAdvertise: pulumi.Input<string>;
  /**
   * `--cluster-store-opt`: how the engine speaks to the store. `kv.path`, where engines register (default
   * "docker/nodes"); `discovery.heartbeat` and `discovery.ttl`, in seconds (default 20 and three times that; the second
   * has to be longer, and 20 or more for Consul); `kv.cacertfile`, `kv.certfile` and `kv.keyfile`, absolute paths on the
   * host, all three or none, not for ZooKeeper; `tls` lays them there. Default: none. A change restarts the engine, in
   * place.
   */
  clusterStoreOpts?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Certificates by which the engine and a store that speaks TLS know each other: `tls` of the `KVStore`. They are laid
   * under /etc/docker/crosshost-tls, the key for root alone, named in `clusterStoreOpts`, and taken away with the member.
   * Default: none. Others restart the engine, in place, back to those it had where it cannot join with them. Secret.
   */
  tls?: pulumi.Input<StoreTlsArgs | undefined>;
  /**
   * Where the settings are kept for the engine's next start. "service": on docker.service's command line, by a drop-in
   * that repeats the service's own line with the flags behind it. "daemonJson": in the engine's settings file,
   * daemon.json, everything else in which keeps its bytes. Default "service". A change moves them; a running member is
   * not touched by it.
   */
  via?: pulumi.Input<"service" | "daemonJson">;
  /**
   * How an engine takes them up. "live": one that has had no store since its start takes them by a reload, and nothing
   * on its host is restarted; one that has had a store is restarted once. "restart": the engine is restarted with the
   * settings in force, and again when it leaves. Containers that ran before a restart run again after it. Where the
   * engine does not come up, what was there before is put back and it is started with that. Default "live". A change
   * touches nothing; it counts from the next time.
   */
  apply?: pulumi.Input<"live" | "restart">;
  /**
   * Whether the host heals itself after a power loss: Docker 20.10 cannot bring containers on an overlay up then until it
   * is restarted once more. A systemd unit on the host waits for the store and the gossip and does that at boot, if a
   * container made here failed so; containers that came before the gossip it connects again. It needs the docker command
   * there. Without it, `pulumi up --refresh` heals. Default false; the host that carries the store has the unit all the
   * same, for reconnecting only. A change installs, changes or removes the unit.
   */
  bootRepair?: pulumi.Input<boolean>;
  /**
   * Whether cluster settings that are there already, on docker.service's command line (or in the variables it takes from
   * elsewhere) or in daemon.json, are taken over. They have to be the same as those given here, in the place that `via`
   * says; what was there stays there when the member is deleted. Default false: they are an error. A change touches
   * nothing.
   */
  adopt?: pulumi.Input<boolean>;
}

/**
 * Makes one host's Docker engine (20.10 or older) a member of a cluster: its cluster store and the address it advertises,
 * on docker.service's command line or in daemon.json. Created when the engine is registered in the store and has joined
 * the engines' gossip, so that endpoints attached from then on are known everywhere. What cannot work (another Docker, a
 * swarm, settings by somebody else, an address that is not the host's, a store that the host does not reach, two hosts of
 * one name) is an error before anything is touched.
 *
 * Deleting it puts the host's files back byte for byte. It is refused while containers of that host are on overlays. With
 * `apply: "live"` nothing is restarted; the engine lets go of the store at its next start.
 */
export class ClusterMember extends pulumi.CustomResource {
  /** The host's connection, for what has to come after its membership. Secret. */
  declare readonly connection: pulumi.Output<Connection>;
  /** The host, as in `connection`. */
  declare readonly host: pulumi.Output<string>;
  declare readonly clusterStore: pulumi.Output<string>;
  declare readonly clusterAdvertise: pulumi.Output<string>;
  declare readonly clusterStoreOpts: pulumi.Output<Record<string, string>>;
  /** Docker's version, such as "20.10.5". */
  declare readonly engineVersion: pulumi.Output<string>;
  /** What the engine made of `clusterAdvertise`: `10.77.0.1:2376`. */
  declare readonly advertisedAddress: pulumi.Output<string>;
  /** The host's own name, as its peers see it; the members of a cluster need different ones. */
  declare readonly hostName: pulumi.Output<string>;

  constructor(name: string, args: ClusterMemberArgs, options?: pulumi.CustomResourceOptions) {
    const properties = {
      ...args,
      connection: pulumi.secret(args.connection),
      host: undefined,
      clusterStoreOpts: args.clusterStoreOpts,
      ...(args.tls === undefined ? {} : { tls: pulumi.secret(args.tls) }),
      engineVersion: undefined,
      advertisedAddress: undefined,
      hostName: undefined,
    };
    super(
      typeOf("ClusterMember"),
      name,
      stubProperties("ClusterMember", name, properties, options),
      stubOptions(options),
    );
  }
}
