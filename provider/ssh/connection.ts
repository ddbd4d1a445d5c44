/**
 * How one host is reached, with the property names of `@pulumi/command`'s `remote.Connection`. Already checked and with
 * its defaults filled in; what is left out may stand in the user's ssh_config.
 */
export interface Connection {
  /** Host name or address, or the name of a `Host` in ssh_config. */
  host: string;
  /** Default: ssh_config's, else 22. */
  port?: number;
  /** Default: ssh_config's, else root. */
  user?: string;
  password?: string;
  /** Private key, in any format OpenSSH writes. */
  privateKey?: string;
  privateKeyPassword?: string;
  /** Path of an SSH agent's socket on this machine. */
  agentSocketPath?: string;
  /** Path of the Docker engine's socket on the host. Default: `/var/run/docker.sock`. */
  dockerSocketPath?: string;
  /** The host's public key as in known_hosts: `ssh-ed25519 AAAA…`. Without it known_hosts is asked. */
  hostKey?: string;
  /** What to do with a host whose key is not known. Default "strict": refuse it. */
  hostKeyPolicy?: "strict" | "acceptNew" | "insecure";
  /** The name under which known_hosts has the host, where that is not `host`. */
  hostKeyAlias?: string;
  /** The user's known_hosts files. Default: ssh_config's, else `~/.ssh/known_hosts` and `~/.ssh/known_hosts2`. */
  knownHostsFiles?: readonly string[];
  /** The host through which this one is reached; it may have one of its own. Default: ssh_config's `ProxyJump`. */
  proxy?: Connection;
  /** How many failed attempts to reach the host are borne before giving up; -1: until the deadline. */
  dialErrorLimit: number;
  /** Seconds one attempt may take; 0: no limit of its own. */
  perDialTimeout: number;
}
