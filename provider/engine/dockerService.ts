import { posix } from "node:path";
import { CrosshostError, isCode } from "../errors";
import type { Host } from "../ssh/host";
import {
  type ClusterFlags,
  clusterFlagsOf,
  configFileOf,
  dropInText,
  execStartOf,
  lastToSetExecStart,
  parseSystemctlCat,
  readDropIn,
  type UnitFile,
} from "./clusterFlags";

const { basename } = posix;

export const UNIT = "docker.service";
const FOLDER = "/etc/systemd/system/docker.service.d";
/** Last in the alphabet, since systemd reads drop-ins in that order and the last `ExecStart=` counts. */
const DROP_IN = `${FOLDER}/zz-crosshost.conf`;
/** Where the folder is made whole before it gets its name, so that an interrupted run leaves no nameless folder. */
const FOLDER_IN_THE_MAKING = "/etc/systemd/system/.docker.service.d.crosshost";

/** systemd itself gives an engine 90 s to stop and, by Docker's unit, as long as it wants to start. */
const RESTART_LIMIT = 300_000;

/** What a host's docker.service is, without and with us. */
export interface DockerService {
  /** The command line without our drop-in. */
  execStart: string;
  /** The engine's settings file. */
  configFile: string;
  /** A drop-in of somebody else that sets the command line after ours would, or does. */
  overriddenBy: string | undefined;
  /** Cluster flags that somebody else put on the command line. */
  foreignFlags: Partial<ClusterFlags>;
  dropIn: DropIn | undefined;
}

/** Our own part of it. */
export interface DropIn {
  text: string;
  owner: string;
  folderIsOurs: boolean;
  flags: Partial<ClusterFlags>;
}

export async function readDockerService(host: Host): Promise<DockerService> {
  const files = parseSystemctlCat(await catUnit(host));
  const ours = files.find(({ path }) => path === DROP_IN);
  const execStart = execStartOf(files.filter((file) => file !== ours));
  return {
    execStart,
    configFile: configFileOf(execStart),
    overriddenBy: overridingFile(files),
    foreignFlags: clusterFlagsOf(execStart),
    dropIn: ours && describeDropIn(host, ours.text),
  };
}

/** systemd reads drop-ins by their file names, whichever folder they are in. */
function overridingFile(files: readonly UnitFile[]): string | undefined {
  const ours = basename(DROP_IN);
  const later = files.filter(({ path }) => path.endsWith(".conf") && basename(path) > ours);
  return lastToSetExecStart(later)?.path;
}

async function catUnit(host: Host): Promise<string> {
  try {
    const { stdout } = await host.run(["systemctl", "cat", "--no-pager", UNIT]);
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

function describeDropIn(host: Host, text: string): DropIn {
  const said = readDropIn(text);
  if (!said) {
    throw new CrosshostError(`host ${host.address}: ${DROP_IN} is not one that pulumi-crosshost made`, {
      code: "foreign",
      hint: "move it away or remove it",
    });
  }
  return { text, ...said, flags: clusterFlagsOf(execStartOf([{ path: DROP_IN, text }])) };
}

/** Whether our drop-in is what the unit calls for now, and what it says is what counts. */
export function isInForce(
  { dropIn, execStart, overriddenBy }: DockerService,
  owner: string,
  flags: ClusterFlags,
): boolean {
  if (!dropIn || overriddenBy !== undefined) return false;
  const { folderIsOurs } = dropIn;
  return dropIn.text.trim() === dropInText({ owner, execStart, flags, folderIsOurs }).trim();
}

/** Puts the cluster flags on the command line from the engine's next start on; nothing running is touched. */
export async function writeDropIn(
  host: Host,
  service: DockerService,
  owner: string,
  flags: ClusterFlags,
): Promise<void> {
  const folderExists = (await host.run(["test", "-d", FOLDER], { allowedExitCodes: [0, 1] })).exitCode === 0;
  const folderIsOurs = service.dropIn ? service.dropIn.folderIsOurs : !folderExists;
  const text = dropInText({ owner, execStart: service.execStart, flags, folderIsOurs });
  if (text.trim() === service.dropIn?.text.trim()) return;
  if (folderExists) {
    await host.writeFile(DROP_IN, text);
  } else {
    await host.run(["mkdir", "-p", "-m", "755", FOLDER_IN_THE_MAKING], { asRoot: true });
    await host.writeFile(`${FOLDER_IN_THE_MAKING}/zz-crosshost.conf`, text);
    await host.run(["mv", "-T", FOLDER_IN_THE_MAKING, FOLDER], { asRoot: true });
  }
  await daemonReload(host);
}

/** Our drop-in as it lies there, also where Docker itself is gone. */
export async function readDropInFile(host: Host): Promise<DropIn | undefined> {
  const file = await host.readFile(DROP_IN);
  return file && describeDropIn(host, file.content.toString());
}

/** Takes our drop-in away, and its folder where that came with it and holds nothing else now. */
export async function removeDropIn(host: Host, dropIn: DropIn | undefined): Promise<void> {
  await host.run(["rm", "-rf", FOLDER_IN_THE_MAKING], { asRoot: true });
  if (!dropIn) return;
  await host.removeFile(DROP_IN);
  if (dropIn.folderIsOurs) await host.run(["rmdir", "--ignore-fail-on-non-empty", FOLDER], { asRoot: true });
  await daemonReload(host);
}

export async function restartService(host: Host): Promise<void> {
  // systemd refuses a fourth start within a minute (StartLimitBurst), and ours is deliberate.
  await host.run(["systemctl", "reset-failed", UNIT], { asRoot: true });
  await host.run(["systemctl", "restart", UNIT], { asRoot: true, limit: RESTART_LIMIT });
}

/** Makes a running engine read its settings file again; one that does not run has nothing to forget. */
export async function reloadIfRunning(host: Host): Promise<void> {
  const { exitCode } = await host.run(["systemctl", "is-active", "--quiet", UNIT], { allowedExitCodes: [0, 3, 4] });
  if (exitCode === 0) await host.run(["systemctl", "reload", UNIT], { asRoot: true });
}

async function daemonReload(host: Host): Promise<void> {
  await host.run(["systemctl", "daemon-reload"], { asRoot: true });
}
