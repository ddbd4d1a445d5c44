import { isCode } from "../errors";
import type { Host } from "../ssh/host";
import { type Deadline, waitFor } from "../wait";
import { inProcNetTcp } from "./gossip";
import { daemonReload } from "./systemd";

const NAME = "crosshost-boot-repair.service";
const FOLDER = "/etc/systemd/system";
const UNIT_FILE = `${FOLDER}/${NAME}`;
const SCRIPT_FILE = `${FOLDER}/crosshost-boot-repair.sh`;

/** The words with which an engine fails to start a container on an overlay after a power loss. Source: ran on 20.10.5. */
export const LOST_SANDBOX = "could not get network sandbox";

/**
 * What the host runs at each boot: it waits until the engine has joined the gossip, and heals what came before that.
 *
 * On a host that carries the store's server the store is away while the engine starts, so the engine joins the gossip a
 * heartbeat later than its containers their overlays, and these are announced to nobody: they are connected again, at
 * the same address. After a power loss the engine cannot bring containers on an overlay up at all until it is restarted
 * once more; that is done only where it is wanted.
 *
 * Arguments: the advertised address as `/proc/net/tcp` writes it, and "restart" or "keep".
 */
const scriptText = (owner: string) => `#!/bin/sh
# Made by pulumi-crosshost for ${owner}; removed when that resource is deleted.
set -u
listening=$1 engine=$2
late=no
wait_for_gossip() {
  tries=0
  until grep -q " $listening:1F0A 00000000:0000 0A " /proc/net/tcp; do
    late=yes
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || { echo "the engine has not joined the gossip in five minutes"; exit 1; }
    sleep 1
  done
}
broken() {
  for container in $(docker ps --all --quiet --filter label=io.crosshost.owner --filter status=exited); do
    case $(docker inspect --format '{{.State.Error}}' "$container") in *"${LOST_SANDBOX}"*) return 0 ;; esac
  done
  return 1
}
wait_for_gossip
if [ "$engine" = restart ] && broken; then
  echo "containers cannot join their overlays since the power loss: restarting docker once"
  systemctl restart docker.service
  wait_for_gossip
fi
[ "$late" = yes ] || exit 0
overlays=$(docker network ls --quiet --no-trunc --filter driver=overlay)
each='{{range $name, $it := .NetworkSettings.Networks}}{{$it.NetworkID}} {{$name}} {{$it.IPAddress}}'
each="$each"'{{range $it.Aliases}} {{.}}{{end}}{{println}}{{end}}'
for container in $(docker ps --quiet --no-trunc --filter label=io.crosshost.owner); do
  docker inspect --format "$each" "$container" | while read -r id network address aliases; do
    [ -n "$id" ] || continue
    case $overlays in *"$id"*) ;; *) continue ;; esac
    set --
    for alias in $aliases; do
      # Its own short id is among them, which the engine adds by itself.
      [ "$alias" = "$(printf %.12s "$container")" ] || set -- "$@" --alias "$alias"
    done
    echo "$network: connecting $container ($address) again, which came before the gossip"
    docker network disconnect "$network" "$container" || continue
    tries=0
    until docker network connect --ip "$address" "$@" "$network" "$container"; do
      tries=$((tries + 1))
      [ "$tries" -lt 10 ] || break
      sleep 2
    done
  done
done
`;

const unitText = (
  owner: string,
  { advertisedIp, mayRestart }: Repair,
) => `# Made by pulumi-crosshost for ${owner}; removed when that resource is deleted.
[Unit]
Description=Bring containers back to their overlays after a boot
After=docker.service
Wants=docker.service

[Service]
ExecStart=/bin/sh ${SCRIPT_FILE} ${inProcNetTcp(advertisedIp)} ${mayRestart ? "restart" : "keep"}

[Install]
WantedBy=multi-user.target
`;

/** What a host is to do at boot. */
export interface Repair {
  /** Where the engine's gossip listens. */
  advertisedIp: string;
  /** Whether it may restart the engine after a power loss. */
  mayRestart: boolean;
}

/** A unit of ours on a host, which heals at boot what only shows then. It asks the engine by the docker command. */
export class BootRepair {
  constructor(
    private readonly host: Host,
    private readonly owner: string,
  ) {}

  /** Whether it is there as it has to be and starts at boot. */
  async isThere(repair: Repair): Promise<boolean> {
    const [unit, script, enabled] = await Promise.all([
      this.host.readFile(UNIT_FILE),
      this.host.readFile(SCRIPT_FILE),
      this.host.run(["systemctl", "is-enabled", NAME], { allowedExitCodes: [0, 1, 4] }),
    ]);
    return (
      unit?.content.toString() === unitText(this.owner, repair) &&
      script?.content.toString() === scriptText(this.owner) &&
      enabled.stdout.trim() === "enabled"
    );
  }

  async install(repair: Repair): Promise<void> {
    if (await this.isThere(repair)) return;
    await this.host.writeFile(SCRIPT_FILE, scriptText(this.owner));
    await this.host.writeFile(UNIT_FILE, unitText(this.owner, repair));
    await daemonReload(this.host);
    await this.host.run(["systemctl", "enable", "--quiet", NAME], { asRoot: true });
  }

  /**
   * Lets it come to its end where the host has just booted, since two who connect the same endpoints again at once get in
   * each other's way. Not for ever: it may wait for what the caller is about to bring about.
   */
  async settled(deadline: Deadline): Promise<void> {
    try {
      await waitFor<true>(
        async () => {
          const { stdout } = await this.host.run(["systemctl", "is-active", NAME], { allowedExitCodes: [0, 3, 4] });
          return stdout.trim() === "active" ? { seen: "it is at work" } : { done: true };
        },
        { what: `the boot repair of host ${this.host.address}`, deadline },
      );
    } catch (error) {
      if (!isCode(error, "not-ready")) throw error;
    }
  }

  /** Whether the host has the docker command, which it is of no use without. */
  async isPossible(): Promise<boolean> {
    const { exitCode } = await this.host.run(["sh", "-c", "command -v docker"], { allowedExitCodes: [0, 1, 127] });
    return exitCode === 0;
  }

  /** Takes it away without a trace; what is somebody else's, or not there, is left alone. */
  async remove(): Promise<void> {
    const [unit, script] = await Promise.all([UNIT_FILE, SCRIPT_FILE].map((file) => this.host.readFile(file)));
    const isOurs = (text: string | undefined) => text?.includes(`# Made by pulumi-crosshost for ${this.owner};`);
    if (isOurs(unit?.content.toString())) {
      await this.host.run(["systemctl", "disable", "--quiet", "--now", NAME], { asRoot: true });
      await this.host.removeFile(UNIT_FILE);
      await daemonReload(this.host);
    }
    if (isOurs(script?.content.toString())) await this.host.removeFile(SCRIPT_FILE);
  }
}
