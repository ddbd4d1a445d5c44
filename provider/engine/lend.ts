import { posix } from "node:path";
import type { Host } from "../ssh/host";
import { staged, UNDER_WAY } from "./change";
import type { ClusterSettings } from "./clusterSettings";
import type { DaemonJson } from "./daemonJson";
import { withSettings } from "./settingsFile";

/**
 * Lends the engine a settings file with the cluster keys in it, for as long as our standard input stays open, and puts
 * the original back: the very file, by its other name, so that mode, owner, times and attributes are what they were.
 * The original comes back also when we are gone, since then standard input ends, or at the latest after a minute.
 * Arguments: a word that says that a change is under way, the settings file. The candidate lies beside it already.
 */
const LEND_SCRIPT = `
set -eu
config=$2
original=$config.crosshost-original
absent=$config.crosshost-absent
restore() {
  if [ -e "$absent" ]; then $sudo rm -f "$config" "$absent"; else $sudo mv -f "$original" "$config"; fi
}
trap '' PIPE HUP
trap 'exit 1' INT TERM
if [ -e "$config" ]; then $sudo ln "$config" "$original"; else $sudo touch "$absent"; fi
trap restore EXIT
$sudo mv -f "$config.crosshost" "$config"
$sudo systemctl reload docker.service
echo reloaded
timeout 60 cat > /dev/null || true
`;

/**
 * Gives a running engine that has no store yet cluster settings by a reload. It takes them only from its settings file
 * and only the first time; so they are in that file just until `taken` resolves, and no longer, since the engine would
 * refuse to start with the same settings there and on its command line.
 */
export async function lendSettings(
  host: Host,
  { path, text, mode, folderExists }: DaemonJson,
  settings: ClusterSettings,
  taken: () => Promise<void>,
): Promise<void> {
  const folder = posix.dirname(path);
  if (!folderExists) await host.run(["mkdir", "-p", "-m", "755", folder], { asRoot: true });
  await host.writeFile(staged(path), withSettings(text ?? "", settings), { mode });
  const script = { name: `lend settings to ${path}`, text: LEND_SCRIPT, args: [UNDER_WAY, path] };
  const lending = await host.start(script);
  try {
    await lending.nextLine();
    await taken();
  } finally {
    await lending.finish();
    if (!folderExists) await host.run(["rmdir", "--ignore-fail-on-non-empty", folder], { asRoot: true });
  }
}
