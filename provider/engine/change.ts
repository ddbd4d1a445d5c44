import { CrosshostError } from "../errors";
import type { Host } from "../ssh/host";
import { FOLDER_IS_OURS } from "./dropIn";
import { lastWords } from "./systemd";

/**
 * In the command line of every script of ours that changes the engine: as long as a process has this word, a change is
 * under way on the host, whoever started it, and also when its SSH connection is gone.
 */
export const UNDER_WAY = "crosshost-change";

/** The longest an engine may take to come up by default, in seconds: it asks a store that is away for a minute before it goes on. */
const START_LIMIT = 150;
/** The script starts the engine twice at the most, and stops it before. */
const CHANGE_LIMIT = 2 * (START_LIMIT + 100) * 1000;

/**
 * Changes one file and restarts the engine; where that does not come up, puts back what was there and starts it again.
 * It runs to its end whatever becomes of the connection that started it, so that a host is never left without Docker.
 * What was there is kept beside the file until the engine is up, for \`leftovers.ts\` to find should the power fail.
 *
 * Arguments: the word above, the file, "put" (its next content lies beside it) or "take" (it goes) or "keep", and how many
 * seconds a start may take.
 */
const CHANGE_SCRIPT = `
set -u
file=$2 change=$3 limit=$4
original=$file.crosshost-original absent=$file.crosshost-absent
trap '' HUP PIPE INT TERM
start() {
  # systemd refuses a fourth start within a minute (StartLimitBurst), and this one is deliberate.
  $sudo systemctl daemon-reload && $sudo systemctl reset-failed docker.service &&
    $sudo timeout -s KILL "$limit" systemctl restart docker.service
}
back() {
  if [ -e "$absent" ]; then
    grep -qsF '${FOLDER_IS_OURS}' "$file" && bare=yes
    $sudo rm -f "$file"
  elif [ -e "$original" ]; then
    $sudo mv -f "$original" "$file"
  fi
}
bare=
tidy() {
  $sudo rm -f "$original" "$absent"
  if [ -n "$bare" ]; then $sudo rmdir --ignore-fail-on-non-empty "$(dirname "$file")"; fi
}
if [ "$change" != keep ]; then
  if [ -e "$file" ]; then $sudo ln "$file" "$original" || exit 1; else $sudo touch "$absent" || exit 1; fi
fi
case $change in
  put) $sudo mv -f "$file.crosshost" "$file" || { back; tidy; exit 1; } ;;
  take) $sudo rm -f "$file" || { back; tidy; exit 1; } ;;
esac
if start 2>/dev/null; then tidy; exit 0; fi
$sudo journalctl -u docker.service -n 30 -o cat --no-pager 2>/dev/null
back
if start 2>/dev/null; then status=75; else status=76; fi
tidy
exit $status
`;

export type Change = "put" | "take" | "keep";

/**
 * Restarts the engine with a file changed: `put` takes the content that was staged beside it, `take` removes it, `keep`
 * only restarts. `what` completes "docker does not start with …".
 */
export async function restartWithChange(
  host: Host,
  file: string,
  change: Change,
  what: string,
  startLimit = START_LIMIT,
): Promise<void> {
  const args = [UNDER_WAY, file, change, String(startLimit)];
  const script = { name: "restart docker.service", text: CHANGE_SCRIPT, args };
  const { exitCode, stdout } = await host.run(script, { limit: CHANGE_LIMIT, allowedExitCodes: [0, 75, 76] });
  if (exitCode === 0) return;
  const said = lastWords(stdout);
  const log = said === "" ? "" : `; its log ends: ${said}`;
  throw exitCode === 75
    ? new CrosshostError(
        `host ${host.address}: docker does not start with ${what}, and runs again with what was there before${log}`,
        { code: "not-ready" },
      )
    : new CrosshostError(
        `host ${host.address}: docker does not start with ${what}, nor with what was there before, which is put back${log}`,
        { code: "docker-not-there", hint: "`journalctl -u docker` on that host has the whole story" },
      );
}

/** Where the next content of a file is laid for a script to put it in place. */
export function staged(file: string): string {
  return `${file}.crosshost`;
}
