import { type ClusterSettings, flagsOf, settingsOfFlags } from "./clusterSettings";
import { escapeForUnit, serviceValues } from "./unitFile";

export const DROP_IN_FOLDER = "/etc/systemd/system/docker.service.d";
/** Where the folder is made whole before it gets its name, so that an interrupted run leaves no nameless folder. */
export const FOLDER_IN_THE_MAKING = "/etc/systemd/system/.docker.service.d.crosshost";
/** Last in the alphabet, since systemd reads drop-ins in that order and the last `ExecStart=` counts. */
export const DROP_IN = `${DROP_IN_FOLDER}/zz-crosshost.conf`;

/** Stands in a drop-in whose folder came with it. */
export const FOLDER_IS_OURS = "# The folder of this file was made with it.";

/** A drop-in of ours. */
export interface DropIn {
  text: string;
  owner: string;
  /** Whether the folder came with it, and goes with it. */
  folderIsOurs: boolean;
  settings: Partial<ClusterSettings>;
}

/** The drop-in's text: the service's own command line, repeated whole, with the cluster flags behind it. */
export function dropInText(args: {
  owner: string;
  execStart: string;
  settings: ClusterSettings;
  folderIsOurs: boolean;
}): string {
  const { owner, execStart, settings, folderIsOurs } = args;
  return [
    `# Made by pulumi-crosshost for ${owner}; removed when that resource is deleted.`,
    ...(folderIsOurs ? [FOLDER_IS_OURS] : []),
    "[Service]",
    "ExecStart=",
    `ExecStart=${[execStart, ...flagsOf(settings).map(escapeForUnit)].join(" ")}`,
    "",
  ].join("\n");
}

/** What an existing drop-in of our name says; undefined where it is not ours. */
export function readDropIn(text: string): DropIn | undefined {
  const [, owner] = /^# Made by pulumi-crosshost for (.+); removed when/.exec(text) ?? [];
  if (owner === undefined) return undefined;
  // Somebody may have edited it so that it says nothing, or too much.
  const execStart = serviceValues([{ path: DROP_IN, text }], "ExecStart").at(-1) ?? "";
  const settings = settingsOfFlags(execStart);
  return { text, owner, folderIsOurs: text.includes(FOLDER_IS_OURS), settings };
}
