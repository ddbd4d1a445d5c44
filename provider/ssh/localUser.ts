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

export function localUser(): LocalUser {
  const agentSocketPath = process.env.SSH_AUTH_SOCK || undefined;
  return { name: userInfo().username, home: homedir(), agentSocketPath, systemConfig: "/etc/ssh/ssh_config" };
}

/** A path of this machine in which a leading `~/` may stand for the user's home. */
export function expandHome(path: string, home: string): string {
  return path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
}
