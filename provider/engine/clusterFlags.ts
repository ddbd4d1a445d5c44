import { CrosshostError } from "../errors";

/** What makes an engine a member of a cluster: two flags of dockerd. */
export interface ClusterFlags {
  clusterStore: string;
  clusterAdvertise: string;
}

/** One file of a unit, as `systemctl cat` prints them in the order systemd reads them. */
export interface UnitFile {
  path: string;
  text: string;
}

export function parseSystemctlCat(output: string): UnitFile[] {
  const files: UnitFile[] = [];
  for (const line of output.split("\n")) {
    // Drop-ins may also be for all services (`service.d`) and for all whose names begin alike (`docker-.service.d`).
    const [, path] = /^# (\/\S+\/(?:docker\.service|(?:docker\.|docker-\.)?service\.d\/\S+\.conf))$/.exec(line) ?? [];
    if (path !== undefined) files.push({ path, text: "" });
    else if (files.length > 0) files[files.length - 1]!.text += `${line}\n`;
  }
  return files;
}

/**
 * The service's command line, as its files write it: later files add to earlier ones, and an empty `ExecStart=` takes
 * back what was there. A line that ends in a backslash goes on in the next; comments in between do not count. Source:
 * systemd.syntax(7), systemd.service(5).
 */
export function execStartOf(files: readonly UnitFile[]): string {
  const lines: string[] = [];
  for (const { section, key, value } of files.flatMap(assignments)) {
    if (section !== "Service" || key !== "ExecStart") continue;
    if (value === "") lines.length = 0;
    else lines.push(value);
  }
  const [line] = lines;
  if (line === undefined || lines.length > 1) {
    throw new CrosshostError(`docker.service has ${lines.length} ExecStart lines where one is expected`, {
      code: "unsupported",
    });
  }
  return line;
}

/** The file that says last what the command line is; undefined where none does. */
export function lastToSetExecStart(files: readonly UnitFile[]): UnitFile | undefined {
  const sets = (file: UnitFile) =>
    assignments(file).some(({ section, key }) => section === "Service" && key === "ExecStart");
  return files.filter(sets).at(-1);
}

function assignments({ text }: UnitFile): { section: string; key: string; value: string }[] {
  const found: { section: string; key: string; value: string }[] = [];
  let section = "";
  let open = "";
  for (const raw of text.split("\n")) {
    if (/^\s*[#;]/.test(raw)) continue;
    const line = open + (open === "" ? raw : raw.trim());
    if (/\\\s*$/.test(line)) {
      open = `${line.replace(/\s*\\\s*$/, "")} `;
      continue;
    }
    open = "";
    const [, header] = /^\s*\[(.+)\]\s*$/.exec(line) ?? [];
    if (header !== undefined) section = header;
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined) found.push({ section, key, value: value ?? "" });
  }
  return found;
}

/** The cluster flags a command line carries, `--flag=value` or `--flag value`. */
export function clusterFlagsOf(execStart: string): Partial<ClusterFlags> {
  return { clusterStore: flagOf(execStart, "cluster-store"), clusterAdvertise: flagOf(execStart, "cluster-advertise") };
}

/** The file the engine reads its settings from. Source: dockerd's `--config-file`. */
export function configFileOf(execStart: string): string {
  return flagOf(execStart, "config-file") ?? "/etc/docker/daemon.json";
}

function flagOf(execStart: string, flag: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)["']?--?${flag}(?:=|\\s+)["']?([^\\s"']+)`).exec(execStart);
  return match?.[1]?.replaceAll("%%", "%").replaceAll("$$", "$");
}

const FOLDER_IS_OURS = "# The folder of this file was made with it.";

/** The drop-in: the service's own command line, repeated whole, with the cluster flags behind it. */
export function dropInText(args: {
  owner: string;
  execStart: string;
  flags: ClusterFlags;
  folderIsOurs: boolean;
}): string {
  const { owner, execStart, flags, folderIsOurs } = args;
  return [
    `# Made by pulumi-crosshost for ${owner}; removed when that resource is deleted.`,
    ...(folderIsOurs ? [FOLDER_IS_OURS] : []),
    "[Service]",
    "ExecStart=",
    `ExecStart=${execStart} --cluster-store=${escapeForUnit(flags.clusterStore)} --cluster-advertise=${escapeForUnit(flags.clusterAdvertise)}`,
    "",
  ].join("\n");
}

/** What an existing drop-in of ours says about itself; undefined where a file is not ours. */
export function readDropIn(text: string): { owner: string; folderIsOurs: boolean } | undefined {
  const [, owner] = /^# Made by pulumi-crosshost for (.+); removed when/.exec(text) ?? [];
  return owner === undefined ? undefined : { owner, folderIsOurs: text.includes(FOLDER_IS_OURS) };
}

/** systemd reads `%` and `$` in a command line itself. Source: systemd.service(5), "Command lines". */
function escapeForUnit(value: string): string {
  return value.replaceAll("%", "%%").replaceAll("$", "$$$$");
}
