import { SshConfigError } from "./sshConfigError";

/** One host of `ProxyJump`. */
export interface Jump {
  host: string;
  port?: number;
  user?: string;
}

/** Reads `[user@]host[:port]` and `ssh://[user@]host[:port]`, separated by commas; the last is the nearest to the host. */
export function parseJumps(value: string, from: string): Jump[] {
  return value.split(",").map((text) => {
    const jump = parseJump(text.trim());
    if (!jump) throw new SshConfigError(from, `ProxyJump is not a list of [user@]host[:port]: ${value}`);
    return jump;
  });
}

function parseJump(text: string): Jump | undefined {
  const bare = text.replace(/^ssh:\/\//, "").replace(/\/$/, "");
  const at = bare.lastIndexOf("@");
  const user = at < 0 ? undefined : bare.slice(0, at);
  const [, bracketed, named, digits] =
    /^(?:\[([^\][\s]+)\]|([^:\][\s/@-][^:\][\s/@]*))(?::(\d+))?$/.exec(bare.slice(at + 1)) ?? [];
  const host = bracketed ?? named;
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || user === "" || (port !== undefined && (port < 1 || port > 65535))) return undefined;
  return { host, ...(port !== undefined && { port }), ...(user !== undefined && { user }) };
}
