import { posix } from "node:path";
import { CrosshostError, isCode } from "../errors";
import type { Host } from "../ssh/host";
import { type ClusterSettings, settingsOfFlags, valuesOf } from "./clusterSettings";
import { DEFAULT_DAEMON_JSON } from "./daemonJson";
import { DROP_IN, type DropIn, readDropIn } from "./dropIn";
import { environmentOf, expand } from "./environment";
import { execStartOf, lastToSetExecStart, parseSystemctlCat, type UnitFile } from "./unitFile";

const { basename } = posix;

export const UNIT = "docker.service";

/** What a host's docker.service is, without and with us. */
export interface DockerService {
  /** The command line without our drop-in. */
  execStart: string;
  /** The engine's settings file. */
  configFile: string;
  /** A drop-in of somebody else that sets the command line after ours would, or does. */
  overriddenBy: string | undefined;
  /** Cluster flags that somebody else put on the command line, in the unit or by its variables. */
  foreignSettings: Partial<ClusterSettings>;
  dropIn: DropIn | undefined;
}

/** Before the name of each environment file, and then its text; nothing else has this character. */
const SEPARATOR = "\x1e";

/** The unit with its drop-ins, and the files its variables come from, in one round trip. */
const READ_SCRIPT = `
unit=$(systemctl cat --no-pager ${UNIT}) || {
  code=$?
  # It fails on a drop-in that somebody took away without telling systemd.
  paths=$(systemctl show -p FragmentPath -p DropInPaths ${UNIT} | sed -n 's/^[A-Za-z]*=//p')
  unit=$(for path in $paths; do [ -f "$path" ] && printf '# %s\n' "$path" && cat -- "$path" && echo; done)
  [ -n "$unit" ] || exit "$code"
}
printf '%s\\n' "$unit"
printf '%s\\n' "$unit" | sed -n 's/^[[:space:]]*EnvironmentFile=-\\{0,1\\}//p' | while IFS= read -r file; do
  case $file in /*) [ -r "$file" ] && printf '\\036%s\\n' "$file" && cat -- "$file" ;; esac
done
exit 0
`;

export async function readDockerService(host: Host): Promise<DockerService> {
  const [unit = "", ...environment] = (await readUnit(host)).split(SEPARATOR);
  const files = parseSystemctlCat(unit);
  const ours = files.find(({ path }) => path === DROP_IN);
  const others = files.filter((file) => file !== ours);
  const execStart = execStartOf(others);
  const environmentFiles = environment.map((file) => file.slice(file.indexOf("\n") + 1));
  const expanded = expand(execStart, environmentOf(others, environmentFiles));
  return {
    execStart,
    configFile: configFileOf(expanded),
    overriddenBy: overridingFile(files),
    foreignSettings: settingsOfFlags(expanded),
    dropIn: ours && requireDropIn(host, ours.text),
  };
}

/** The file the engine reads its settings from. */
export function configFileOf(execStart: string): string {
  return valuesOf(execStart, "config-file").at(-1) ?? DEFAULT_DAEMON_JSON;
}

/** The engine's program: the first word, behind what systemd reads itself. */
export function programOf({ execStart }: DockerService): string {
  return execStart.split(/\s+/)[0]!.replace(/^[-@:+!]+/, "");
}

/** Our drop-in as it lies there, also where Docker itself is gone. */
export async function readDropInFile(host: Host): Promise<DropIn | undefined> {
  const file = await host.readFile(DROP_IN);
  return file && requireDropIn(host, file.content.toString());
}

/** systemd reads drop-ins by their file names, whichever folder they are in. */
function overridingFile(files: readonly UnitFile[]): string | undefined {
  const ours = basename(DROP_IN);
  const later = files.filter(({ path }) => path.endsWith(".conf") && basename(path) > ours);
  return lastToSetExecStart(later)?.path;
}

async function readUnit(host: Host): Promise<string> {
  try {
    const { stdout } = await host.run(["sh", "-c", READ_SCRIPT, "sh"]);
    if (!/^# Unit \S+ is masked/m.test(stdout) && !/-> \/dev\/null$/m.test(stdout)) return stdout;
    throw new CrosshostError(`host ${host.address}: ${UNIT} is masked: systemd does not start it`, {
      code: "docker-not-there",
      hint: `systemctl unmask ${UNIT}, if Docker is to run there`,
    });
  } catch (error) {
    if (!isCode(error, "command-failed")) throw error;
    if (/systemctl: (not found|No such file)|exit code 127/i.test((error as Error).message)) {
      throw new CrosshostError(`host ${host.address}: it has no systemd, by which docker.service is configured`, {
        code: "unsupported",
        cause: error,
      });
    }
    throw new CrosshostError(`host ${host.address}: there is no ${UNIT} to configure`, {
      code: "docker-not-there",
      hint: "Docker has to be installed as a systemd service",
      cause: error,
    });
  }
}

function requireDropIn(host: Host, text: string): DropIn {
  const dropIn = readDropIn(text);
  if (dropIn) return dropIn;
  throw new CrosshostError(`host ${host.address}: ${DROP_IN} is not one that pulumi-crosshost made`, {
    code: "foreign",
    hint: "move it away or remove it",
  });
}
