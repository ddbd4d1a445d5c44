import type { Host } from "../ssh/host";

/** What a look at an engine's socket shows: sshd says nothing but "failed" for one it does not open. */
export interface Sight {
  /** "denied": somebody serves it, but the user may not use it. "unserved": nobody does. */
  socket: "missing" | "unserved" | "denied" | "served";
  /** Whether the docker command is there. */
  hasCommand: boolean;
  /** systemd's word for docker.service; "not-found" where it has none, nothing where there is no systemd. */
  service: string | undefined;
  /** The socket of an engine that runs as this user. */
  rootless: string | undefined;
}

/** $1 path. /proc/net/unix tells who listens, also to users who may not connect; 00010000 is a listening socket. */
const script = `
path=$(readlink -f -- "$1" || echo "$1")
socket=missing
if [ -S "$path" ]; then socket=unserved; fi
while read -r _ _ _ flags _ _ _ name; do
  [ "$flags" = 00010000 ] || continue
  [ "\${name##*/}" = "\${path##*/}" ] && [ "$(readlink -f -- "$name")" = "$path" ] || continue
  if [ -w "$path" ]; then socket=served; else socket=denied; fi
done < /proc/net/unix
echo "Socket=$socket"
if command -v docker > /dev/null; then echo Command=docker; fi
rootless=/run/user/$(id -u)/docker.sock
if [ -S "$rootless" ]; then echo "Rootless=$rootless"; fi
systemctl show --property=LoadState,ActiveState docker.service 2> /dev/null || true
`;

export async function lookAt(host: Host, path: string): Promise<Sight> {
  const { stdout } = await host.run(["sh", "-c", script, "sh", path]);
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(stdout)?.[1];
  const load = value("LoadState");
  return {
    socket: (value("Socket") ?? "missing") as Sight["socket"],
    hasCommand: value("Command") !== undefined,
    service: load === "not-found" ? load : value("ActiveState"),
    rootless: value("Rootless"),
  };
}
