import * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "./connection";

export interface DockerProviderOptions {
  /** The file of the private key, on the machine that runs Pulumi. Default: what ssh finds by itself. */
  identityFile?: pulumi.Input<string>;
}

/** What `Provider` of `@pulumi/docker` takes; nothing in it is secret. */
export interface DockerProviderArgs {
  /** `ssh://user@host:port`. */
  host: pulumi.Output<string>;
  /** Arguments of the ssh command. */
  sshOpts: pulumi.Output<string[]>;
}

/**
 * The arguments by which `new docker.Provider(…)` of `@pulumi/docker` reaches the host of a connection. That package runs
 * the ssh command, which checks the host's key as strictly as here: against `hostKey` alone, where it is given (OpenSSH
 * 8.5 or later), else against known_hosts; it never asks a question. A key or password that stands in the program cannot
 * be handed to it: load the key into an agent, or name its file. What would be weaker, or cannot be said, is an error.
 */
export function dockerProviderArgs(
  connection: pulumi.Input<ConnectionArgs>,
  { identityFile }: DockerProviderOptions = {},
): DockerProviderArgs {
  // Neither the address nor the options of ssh are secret, though what they are taken from is.
  const given = pulumi.unsecret(pulumi.all([pulumi.output(connection), pulumi.output(identityFile)]));
  return {
    host: given.apply(([connection]) => address(connection)),
    sshOpts: given.apply(([connection, file]) => [...whoWeAre(connection, file), ...whomWeTalkTo(connection)]),
  };
}

type Connection = pulumi.Unwrap<ConnectionArgs>;

function address({ user, host, port }: Connection): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `ssh://${user ?? "root"}@${name}${port === undefined ? "" : `:${port}`}`;
}

function whoWeAre(connection: Connection, identityFile: string | undefined): string[] {
  const { privateKey, password, agentSocketPath, dockerSocketPath, proxy } = connection;
  if (identityFile === undefined && agentSocketPath === undefined && (privateKey || password)) {
    const what = privateKey ? "`privateKey`" : "`password`";
    throw new Error(
      `dockerProviderArgs: the ssh command cannot be handed the connection's ${what}: give \`identityFile\`, or load the key into an agent and give \`agentSocketPath\``,
    );
  }
  if (dockerSocketPath !== undefined && dockerSocketPath !== "/var/run/docker.sock") {
    throw new Error(`dockerProviderArgs: @pulumi/docker cannot be told of the socket ${dockerSocketPath}`);
  }
  return [
    ...option("BatchMode", "yes"),
    ...(identityFile === undefined ? [] : [...option("IdentitiesOnly", "yes"), "-i", identityFile]),
    ...(agentSocketPath === undefined ? [] : option("IdentityAgent", agentSocketPath)),
    ...(proxy === undefined ? [] : ["-J", jumps(proxy)]),
  ];
}

/** Each hop is checked against known_hosts, since the ssh command takes no key for it. */
function jumps(hop: Connection): string {
  const { user, host, port, proxy } = hop;
  const name = `${user === undefined ? "" : `${user}@`}${host}${port === undefined ? "" : `:${port}`}`;
  return proxy === undefined ? name : `${jumps(proxy)},${name}`;
}

function whomWeTalkTo({ hostKey, hostKeyPolicy }: Connection): string[] {
  if (hostKey !== undefined) {
    if (!/^[\w@.+/= -]+$/.test(hostKey)) throw new Error("dockerProviderArgs: `hostKey` is no public key");
    // No file is written: ssh runs a command for the line, and %H is the name it looks for.
    return [
      ...option("StrictHostKeyChecking", "yes"),
      ...option("UserKnownHostsFile", "/dev/null"),
      ...option("GlobalKnownHostsFile", "/dev/null"),
      ...option("KnownHostsCommand", `/bin/echo %H ${hostKey}`),
    ];
  }
  if (hostKeyPolicy === "insecure") {
    throw new Error('dockerProviderArgs: `hostKeyPolicy: "insecure"` is not handed on: give `hostKey`');
  }
  return option("StrictHostKeyChecking", hostKeyPolicy === "acceptNew" ? "accept-new" : "yes");
}

function option(name: string, value: string): string[] {
  return ["-o", `${name}=${value}`];
}
