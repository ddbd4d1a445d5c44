import type { Host } from "../ssh/host";
import { UNDER_WAY } from "./change";
import { FOLDER_IN_THE_MAKING, FOLDER_IS_OURS } from "./dropIn";

/** Longer than any change of ours takes, in seconds. */
const PATIENCE = 500;

/**
 * Waits for a change that is under way on the host, of a run whose connection broke or of another program, and then undoes
 * what a change left that a power failure cut off. An engine that such a change left lying is started.
 *
 * Arguments: the files.
 */
const SETTLE_SCRIPT = `
set -eu
tries=0
while grep -qsxz -- '${withoutItself(UNDER_WAY)}' /proc/[0-9]*/cmdline; do
  tries=$((tries + 1))
  [ "$tries" -gt 1 ] || echo waited
  [ "$tries" -lt ${PATIENCE * 5} ] || { echo 'a change of docker.service does not end' >&2; exit 1; }
  sleep 0.2
done
settled=
if [ -e ${FOLDER_IN_THE_MAKING} ]; then $sudo rm -rf ${FOLDER_IN_THE_MAKING}; fi
for path in "$@"; do
  file=$(readlink -m -- "$path")
  # A drop-in that is not to be there leaves no folder that came with it.
  bare=
  if [ ! -e "$file" ] || [ -e "$file.crosshost-absent" ]; then
    if grep -qsF '${FOLDER_IS_OURS}' "$file" "$file.crosshost"; then bare=yes; fi
  fi
  if [ -e "$file.crosshost-absent" ]; then
    $sudo rm -f "$file" "$file.crosshost-absent"
    settled=yes
  elif [ -e "$file.crosshost-original" ]; then
    $sudo mv -f "$file.crosshost-original" "$file"
    settled=yes
  fi
  if [ -e "$file.crosshost" ]; then $sudo rm -f "$file.crosshost"; fi
  if [ -n "$bare" ]; then $sudo rmdir --ignore-fail-on-non-empty "$(dirname "$file")"; fi
done
[ -n "$settled" ] || exit 0
echo settled
$sudo systemctl daemon-reload
if ! systemctl is-active --quiet docker.service; then
  $sudo systemctl reset-failed docker.service
  $sudo systemctl restart docker.service
fi
`;

/** A pattern that finds the word, but not the command line that it stands in itself: `crosshost-chang[e]`. */
function withoutItself(word: string): string {
  return `${word.slice(0, -1)}[${word.slice(-1)}]`;
}

/**
 * Leaves the host with no change of ours under way or half done in these files; answers whether there was one. Needs root.
 */
export async function settleLeftovers(
  host: Host,
  files: readonly string[],
  say: (line: string) => void,
): Promise<boolean> {
  const script = { name: "look for unfinished changes of docker.service", text: SETTLE_SCRIPT, args: files };
  const { stdout } = await host.run(script, { limit: (PATIENCE + 120) * 1000 });
  if (stdout.includes("settled")) say("put back what an interrupted change of docker.service had left");
  return stdout !== "";
}
