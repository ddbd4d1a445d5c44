import { CrosshostError } from "../errors";

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
  for (const value of serviceValues(files, "ExecStart")) {
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
  return files.filter((file) => serviceValues([file], "ExecStart").length > 0).at(-1);
}

/** The values given to one key of the section `[Service]`, in their order. */
export function serviceValues(files: readonly UnitFile[], wanted: string): string[] {
  return files
    .flatMap(assignments)
    .filter(({ section, key }) => section === "Service" && key === wanted)
    .map(({ value }) => value);
}

/** systemd reads `%` and `$` in a command line itself. Source: systemd.service(5), "Command lines". */
export function escapeForUnit(value: string): string {
  return value.replaceAll("%", "%%").replaceAll("$", "$$$$");
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
