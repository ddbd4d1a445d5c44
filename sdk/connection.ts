import * as pulumi from "@pulumi/pulumi";

/**
 * How a host is reached over SSH; the names are those of `remote.Connection` in `@pulumi/command`. What is
 * left out may stand in the user's `~/.ssh/config` (HostName, Port, User, IdentityFile, IdentityAgent, IdentitiesOnly,
 * ProxyJump, HostKeyAlias, UserKnownHostsFile); what is given wins. A connection is
 * secret as a whole in state and in previews. A changed `host` or `port` means another host; a change of anything else
 * is an update that touches nothing on it.
 */
export interface ConnectionArgs {
  /** Host name or address, or the name of a `Host` in the SSH configuration of the machine that runs Pulumi. */
  host: pulumi.Input<string>;
  /** sshd's port. Default: `Port` of the SSH configuration, else 22. */
  port?: pulumi.Input<number>;
  /**
   * Default: `User` of the SSH configuration, else "root". Another user must be in the group docker or be allowed sudo; what changes docker.service needs root
   * or sudo. docs/security.md has what each resource needs.
   */
  user?: pulumi.Input<string>;
  /** For logging in, and for sudo where that asks for one. Secret. */
  password?: pulumi.Input<string>;
  /**
   * The text of a private key, in any format OpenSSH writes. Default, where no `agentSocketPath` is given either: what
   * `IdentityFile` and `IdentityAgent` of the SSH configuration name; where they name nothing and no `password` is given,
   * the user's SSH agent and `~/.ssh/id_rsa`, `id_ecdsa` and `id_ed25519`. Secret, also when given as a plain string.
   */
  privateKey?: pulumi.Input<string>;
  /** The passphrase of `privateKey`, or of the files that stand in for it. Secret. */
  privateKeyPassword?: pulumi.Input<string>;
  /** Path of an SSH agent's socket on the machine that runs Pulumi. */
  agentSocketPath?: pulumi.Input<string>;
  /** Path of the Docker engine's socket on the host. Default "/var/run/docker.sock". */
  dockerSocketPath?: pulumi.Input<string>;
  /**
   * The host's public key as in known_hosts, `ssh-ed25519 AAAA…`. Default: the keys that the known_hosts files of the
   * user (`UserKnownHostsFile`) and of the machine that runs Pulumi have for the host. A host that shows another key is refused.
   */
  hostKey?: pulumi.Input<string>;
  /**
   * What to do with a host that has neither `hostKey` nor a line in known_hosts. "strict": refuse it; the error has the
   * fingerprint and the line to add. "acceptNew": accept it once and write it to `~/.ssh/known_hosts`; a changed key is
   * still refused. "insecure": accept any key, changed ones too, and warn of it in every run. A key that known_hosts
   * revokes is never accepted, and a given `hostKey` is always checked. Default "strict".
   */
  hostKeyPolicy?: pulumi.Input<"strict" | "acceptNew" | "insecure">;
  /** How many failed attempts to reach the host are borne; -1: as many as the timeout allows. Default 10. */
  dialErrorLimit?: pulumi.Input<number>;
  /** Seconds one attempt may take; 0: no limit of its own. Default 15. */
  perDialTimeout?: pulumi.Input<number>;
  /**
   * The host through which this one is reached, with its own user, keys and host key; it may have a `proxy` in turn. All
   * hosts behind one proxy share one connection to it. Default: `ProxyJump` of the SSH configuration,
   * else the host is dialled directly.
   */
  proxy?: pulumi.Input<ConnectionArgs>;
}

/** How long the verbs of one resource may take before they give up, as "90s" or "5m". A change touches nothing. */
export interface TimeoutsArgs {
  /** Default "5m". */
  create?: pulumi.Input<string>;
  /** Also of refresh. Default "5m". */
  update?: pulumi.Input<string>;
  /** Default "5m". */
  delete?: pulumi.Input<string>;
}

/** What every resource takes. */
export interface CommonArgs {
  /** A change touches nothing. */
  timeouts?: pulumi.Input<TimeoutsArgs>;
  /**
   * Whether a host that cannot be reached (its name does not resolve, nobody answers, the connection breaks) is left as
   * it is when something is to be removed from it or read: destroy goes on without it, and refresh keeps what is
   * recorded; each is told. A LAN is made and updated without it, too, and its `plan` says so. Such a host is waited for up to 30 s, once in a run. A host that answers is never skipped.
   * For destroy, which runs no program, also by the environment: `CROSSHOST_SKIP_UNREACHABLE_HOSTS=1`. Default false. A
   * change touches nothing.
   */
  skipUnreachableHosts?: pulumi.Input<boolean>;
}

/** One subnet of a network; the shape of `@pulumi/docker`'s. */
export interface IpamConfigArgs {
  /** A CIDR block such as `10.200.0.0/24`. Host bits are dropped. */
  subnet: pulumi.Input<string>;
  /** The containers' gateway, an address of the subnet. Default: the driver's choice. */
  gateway?: pulumi.Input<string>;
  /** The part of the subnet that containers get addresses from. Default: all of it. */
  ipRange?: pulumi.Input<string>;
  /** Addresses that containers do not get, by what has them: `{ printer: "10.200.0.9" }`. */
  auxAddress?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Whether a resource takes over what is there already. */
export interface AdoptableArgs {
  /**
   * Whether a thing of that name which this program did not make is taken over, where all that cannot be changed in it is
   * as here; else every difference is named. From then on it is this resource's, and destroy removes it. Default false: it
   * is left alone, and is an error. A change touches nothing.
   */
  adopt?: pulumi.Input<boolean>;
}

/**
 * Takes the connections, secret, out of a list whose other properties are to be seen in a preview: the engine hides a
 * list as a whole when one thing in it is secret.
 */
export function splitConnections<Entry extends { connection: pulumi.Input<ConnectionArgs> }>(
  entries: pulumi.Input<pulumi.Input<Entry>[]>,
): { connections: pulumi.Output<unknown>; others: pulumi.Input<pulumi.Input<Omit<Entry, "connection">>[]> } {
  if (!Array.isArray(entries)) {
    const all = pulumi.output(entries) as pulumi.Output<Entry[]>;
    return {
      connections: pulumi.secret(all.apply((list) => list.map(connectionOf))),
      others: pulumi.unsecret(all.apply((list) => list.map(withoutConnection))),
    };
  }
  return {
    connections: pulumi.secret(entries.map((entry) => ofEntry(entry, connectionOf))),
    others: entries.map((entry) => ofEntry(entry, withoutConnection)),
  };
}

function ofEntry<Entry, Part>(entry: pulumi.Input<Entry>, part: (entry: Entry) => Part): pulumi.Input<Part> {
  if (!pulumi.Output.isInstance(entry) && !(entry instanceof Promise)) return part(entry as Entry);
  return pulumi.unsecret(pulumi.output(entry).apply((value) => part(value as Entry)));
}

// What is not an object goes through as it is, for check to name it.
function connectionOf<Entry extends { connection: unknown }>(entry: Entry) {
  return entry?.connection;
}

function withoutConnection<Entry extends { connection: unknown }>(entry: Entry): Omit<Entry, "connection"> {
  if (typeof entry !== "object" || entry === null) return entry;
  const { connection, ...others } = entry;
  return others;
}
