import { hostname } from "node:os";
import type { Connection } from "./connection";
import { DialFailure } from "./dialFailure";
import { type Identities, identitiesOf } from "./identities";
import type { LocalUser } from "./localUser";
import { type ConfigFile, readConfigFiles } from "./sshConfig/configFiles";
import { expandHostName, type HostSettings, settingsFor } from "./sshConfig/hostSettings";
import { type Jump, parseJumps } from "./sshConfig/jumps";
import { SshConfigError } from "./sshConfig/sshConfigError";
import { expandTokens, type Tokens } from "./sshConfig/tokens";

/** A connection with all that ssh_config and the defaults add to it. */
export interface Target extends Connection {
  /** Host name or address to dial. */
  hostName: string;
  port: number;
  user: string;
  identities: Identities;
  proxy?: Target;
}

/** How many hosts may lie on the way to one: more are a circle. */
const MOST_HOPS = 8;

/** Finds out what connections leave to the user's ssh_config, whose files are read once. */
export class Targets {
  private files: Promise<ConfigFile[]> | undefined;

  constructor(private readonly localUser: LocalUser) {}

  /** The connection, completed; properties that are given win. Fails with a `DialFailure`. */
  async of(connection: Connection): Promise<Target> {
    try {
      return await this.complete(connection, []);
    } catch (error) {
      if (!(error instanceof SshConfigError)) throw error;
      throw new DialFailure(connection, `the SSH configuration of this machine cannot be used: ${error.message}`, {
        code: "unsupported",
        passing: false,
        cause: error,
      });
    }
  }

  /** `way`: the hosts that are reached through this one. */
  private async complete(connection: Connection, way: readonly string[]): Promise<Target> {
    const { host } = connection;
    if (way.length > MOST_HOPS) {
      throw new DialFailure(
        { host: way[0]! },
        `it is reached through more than ${MOST_HOPS} others: ${way.slice(1).join(", ")}`,
        {
          ...{ code: "unsupported", passing: false },
          hint: "`proxy` and ProxyJump of ssh_config must not lead in a circle",
        },
      );
    }
    this.files ??= readConfigFiles(this.localUser);
    const settings = settingsFor(connection, await this.files, this.localUser);
    const hostName = expandHostName(settings, host);
    const port = connection.port ?? settings.port ?? 22;
    const user = connection.user ?? settings.user ?? "root";
    const expand = this.expander(connection, settings, { hostName, port, user });
    const identities = await identitiesOf(
      connection,
      {
        files: settings.identityFiles.map(expand),
        agent: settings.identityAgent === undefined ? undefined : expand(settings.identityAgent),
        only: settings.identitiesOnly,
      },
      this.localUser,
    );
    const proxy = connection.proxy ?? proxyOf(connection, settings, expand);
    return {
      ...connection,
      ...{ hostName, port, user, identities },
      hostKeyAlias: connection.hostKeyAlias ?? settings.hostKeyAlias,
      knownHostsFiles: connection.knownHostsFiles ?? settings.userKnownHostsFiles?.filter(isFile).map(expand),
      proxy: proxy && (await this.complete(proxy, [...way, host])),
    };
  }

  private expander(
    { host }: Connection,
    { hostKeyAlias }: HostSettings,
    { hostName, port, user }: Pick<Target, "hostName" | "port" | "user">,
  ): (text: string) => string {
    const { name, home } = this.localUser;
    const local = hostname();
    const tokens: Tokens = {
      ...{ "%": "%", h: hostName, n: host, p: String(port), r: user, u: name, d: home, l: local },
      ...{ L: local.replace(/\..*/, ""), k: hostKeyAlias ?? host, i: String(process.getuid?.() ?? "") },
    };
    return (text) => expandTokens(text, tokens);
  }
}

function isFile(name: string): boolean {
  return name.toLowerCase() !== "none";
}

/** What `ProxyJump` says, as connections; each hop has its own settings in ssh_config, and its own host key. */
function proxyOf(connection: Connection, { proxy }: HostSettings, expand: (text: string) => string) {
  if (!proxy || proxy.value.toLowerCase() === "none") return undefined;
  if (proxy.kind === "command") {
    throw new SshConfigError(
      proxy.from,
      "ProxyCommand is not run; give `connection.proxy`, or ProxyJump where that will do",
    );
  }
  const { dialErrorLimit, perDialTimeout } = connection;
  return parseJumps(expand(proxy.value), proxy.from).reduce(
    (through: Connection | undefined, jump: Jump): Connection => ({
      ...{ ...jump, dialErrorLimit, perDialTimeout },
      ...(through && { proxy: through }),
    }),
    undefined,
  );
}
