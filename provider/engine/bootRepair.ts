import type { Host } from "../ssh/host";
import { inProcNetTcp } from "./gossip";
import { daemonReload } from "./systemd";

const NAME = "crosshost-boot-repair.service";
const FOLDER = "/etc/systemd/system";
const UNIT_FILE = `${FOLDER}/${NAME}`;
const SCRIPT_FILE = `${FOLDER}/crosshost-boot-repair.sh`;

/** The words with which an engine fails to start a container on an overlay after a power loss. Source: ran on 20.10.5. */
export const LOST_SANDBOX = "could not get network sandbox";

/**
 * What the host runs at each boot. After a power loss the engine cannot bring containers on an overlay up until it is
 * restarted once more; that is worth it only when it has joined the gossip again, and the store with it.
 * Arguments: the advertised address as `/proc/net/tcp` writes it.
 */
const scriptText = (owner: string) => `#!/bin/sh
# Made by pulumi-crosshost for ${owner}; removed when that resource is deleted.
set -u
listening=$1
tries=0
until grep -q " $listening:1F0A 00000000:0000 0A " /proc/net/tcp; do
  tries=$((tries + 1))
  [ "$tries" -lt 180 ] || { echo "the engine has not joined the gossip in three minutes"; exit 1; }
  sleep 1
done
for container in $(docker ps --all --quiet --filter label=io.crosshost.owner --filter status=exited); do
  case $(docker inspect --format '{{.State.Error}}' "$container") in
    *"${LOST_SANDBOX}"*)
      echo "containers cannot join their overlays since the power loss: restarting docker once"
      exec systemctl restart docker.service
      ;;
  esac
done
`;

const unitText = (
  owner: string,
  listening: string,
) => `# Made by pulumi-crosshost for ${owner}; removed when that resource is deleted.
[Unit]
Description=Bring containers back to their overlays after a power loss
After=docker.service
Wants=docker.service

[Service]
ExecStart=/bin/sh ${SCRIPT_FILE} ${listening}

[Install]
WantedBy=multi-user.target
`;

/** A unit of ours on a host, which heals at boot what a power loss broke. */
export class BootRepair {
  constructor(
    private readonly host: Host,
    private readonly owner: string,
  ) {}

  /** Whether it is there as it has to be and starts at boot. */
  async isThere(advertisedIp: string): Promise<boolean> {
    const [unit, script, enabled] = await Promise.all([
      this.host.readFile(UNIT_FILE),
      this.host.readFile(SCRIPT_FILE),
      this.host.run(["systemctl", "is-enabled", NAME], { allowedExitCodes: [0, 1] }),
    ]);
    return (
      unit?.content.toString() === unitText(this.owner, inProcNetTcp(advertisedIp)) &&
      script?.content.toString() === scriptText(this.owner) &&
      enabled.stdout.trim() === "enabled"
    );
  }

  async install(advertisedIp: string): Promise<void> {
    if (await this.isThere(advertisedIp)) return;
    await this.host.writeFile(SCRIPT_FILE, scriptText(this.owner));
    await this.host.writeFile(UNIT_FILE, unitText(this.owner, inProcNetTcp(advertisedIp)));
    await daemonReload(this.host);
    await this.host.run(["systemctl", "enable", "--quiet", NAME], { asRoot: true });
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
