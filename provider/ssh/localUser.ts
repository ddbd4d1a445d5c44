import { homedir, userInfo } from "node:os";
import { join } from "node:path";

/** Whose SSH files count: the one who runs this program. */
export interface LocalUser {
  name: string;
  home: string;
  /** The SSH agent's socket, where one runs. */
  agentSocketPath?: string;
  /** The machine's own ssh_config. */
  systemConfig: string;
}

export function localUser(environment: NodeJS.ProcessEnv = process.env, account = accountOf): LocalUser {
  const agentSocketPath = environment.SSH_AUTH_SOCK || undefined;
  const { name, home } = account();
  return {
    name: name ?? environment.USER ?? String(process.getuid?.() ?? ""),
    home: home ?? "/",
    agentSocketPath,
    systemConfig: "/etc/ssh/ssh_config",
  };
}

/** Nothing of it where the machine knows no user of this number, as in many containers. */
function accountOf(): { name?: string; home?: string } {
  const unlessMissing = <T>(look: () => T): T | undefined => {
    try {
      return look();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SYSTEM_ERROR") throw error;
      return undefined;
    }
  };
  return { name: unlessMissing(() => userInfo().username), home: unlessMissing(homedir) };
}

/** A path of this machine in which a leading `~/` may stand for the user's home. */
export function expandHome(path: string, home: string): string {
  return path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
}
