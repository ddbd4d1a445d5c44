import { CrosshostError } from "../errors";
import type { Host } from "../ssh/host";
import type { ClusterFlags } from "./clusterFlags";

/**
 * Lends the engine a settings file with the cluster keys in it, for as long as our standard input stays open, and puts
 * the original back: the very file, by its other name, so that mode, owner, times and attributes are what they were.
 * The original comes back also when we are gone, since then standard input ends, or at the latest after a minute.
 * Arguments: the settings file. The candidate lies beside it already.
 */
const LEND_SCRIPT = `
set -eu
config=$1
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

/** Undoes what an interrupted lending left. Arguments: the settings file. */
const RESTORE_SCRIPT = `
set -eu
config=$1
if [ -e "$config.crosshost-absent" ]; then $sudo rm -f "$config" "$config.crosshost-absent"; fi
if [ -e "$config.crosshost-original" ]; then $sudo mv -f "$config.crosshost-original" "$config"; fi
if [ -e "$config.crosshost" ]; then $sudo rm -f "$config.crosshost"; fi
`;

export async function restoreSettings(host: Host, configFile: string): Promise<void> {
  const path = await realPath(host, configFile);
  await host.run({ name: `put back ${path}`, text: RESTORE_SCRIPT, args: [path] });
}

/**
 * Makes an engine that has no store yet a member of a cluster while it runs. A reload takes the cluster keys only from
 * the settings file and only the first time; so they are in that file just until `joined` resolves, and no longer, since
 * the engine would refuse to start with the same keys there and on its command line.
 */
export async function joinLive(
  host: Host,
  configFile: string,
  flags: ClusterFlags,
  joined: () => Promise<void>,
): Promise<void> {
  const path = await realPath(host, configFile);
  const settings = await host.readFile(path);
  const merged = {
    ...parseSettings(host, configFile, settings?.content.toString() ?? "{}"),
    "cluster-store": flags.clusterStore,
    "cluster-advertise": flags.clusterAdvertise,
  };
  const folder = path.slice(0, path.lastIndexOf("/"));
  const folderExists = (await host.run(["test", "-d", folder], { allowedExitCodes: [0, 1] })).exitCode === 0;
  if (!folderExists) await host.run(["mkdir", "-m", "755", folder], { asRoot: true });
  await host.writeFile(`${path}.crosshost`, `${JSON.stringify(merged, null, 2)}\n`, { mode: settings?.mode });

  const lending = await host.start({ name: `lend settings to ${path}`, text: LEND_SCRIPT, args: [path] });
  try {
    await lending.nextLine();
    await joined();
  } finally {
    await lending.finish();
    if (!folderExists) await host.run(["rmdir", "--ignore-fail-on-non-empty", folder], { asRoot: true });
  }
}

/** The cluster settings somebody else has in the settings file. */
export async function clusterKeysOf(host: Host, configFile: string): Promise<string[]> {
  const settings = await host.readFile(configFile);
  if (!settings) return [];
  const keys = Object.keys(parseSettings(host, configFile, settings.content.toString()));
  return keys.filter((key) => ["cluster-store", "cluster-advertise", "cluster-store-opts"].includes(key));
}

function parseSettings(host: Host, path: string, text: string): Record<string, unknown> {
  try {
    return (text.trim() === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  } catch (error) {
    throw new CrosshostError(`host ${host.address}: ${path} is not JSON: ${(error as Error).message}`, {
      code: "unsupported",
      cause: error,
    });
  }
}

/** A link must stay a link: what is lent and put back is the file behind it. */
async function realPath(host: Host, path: string): Promise<string> {
  return (await host.run(["readlink", "-m", path])).stdout.trim();
}
