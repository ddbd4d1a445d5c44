import { posix } from "node:path";
import { CrosshostError } from "../errors";
import type { Host } from "../ssh/host";
import type { ClusterSettings } from "./clusterSettings";
import { clusterKeysOf, readSettings } from "./settingsFile";

/** Where dockerd's settings file is unless its command line says otherwise. Source: dockerd's `--config-file`. */
export const DEFAULT_DAEMON_JSON = "/etc/docker/daemon.json";

/** Beside the settings file: whose cluster settings are in it, and what it was before. */
export interface MemberRecord {
  owner: string;
  /** The file's text before us; null where there was none. */
  original: string | null;
  /** The file's text as we wrote it: as long as it is that, what was there before comes back to the letter. */
  written: string;
  /** Whether the settings were there already, and stay when we go. */
  adopted: boolean;
  /** Whether the file's folder came with it. */
  folderIsOurs: boolean;
}

/** An engine's settings file, daemon.json, as it lies on a host. */
export interface DaemonJson {
  /** Where it is, behind links. */
  path: string;
  /** Undefined where there is none. */
  text: string | undefined;
  mode: number | undefined;
  settings: Partial<ClusterSettings>;
  /** The cluster settings that are there, in dockerd's words. */
  clusterKeys: string[];
  folderExists: boolean;
  record: MemberRecord | undefined;
}

export function recordOf(path: string): string {
  return `${path}.crosshost-member`;
}

/** Reads it in one round trip, or two where it is a link. */
export async function readDaemonJson(host: Host, configFile: string): Promise<DaemonJson> {
  const [path, asNamed] = await Promise.all([realPath(host, configFile), readFiles(host, configFile)]);
  const { file, recorded, folderExists } = path === configFile ? asNamed : await readFiles(host, path);
  const text = file?.content.toString();
  const settings = readSettings(text ?? "");
  if ("malformed" in settings) {
    throw new CrosshostError(`host ${host.address}: ${configFile} is not JSON: ${settings.malformed}`, {
      code: "unsupported",
    });
  }
  return {
    path,
    text,
    mode: file?.mode,
    settings,
    clusterKeys: clusterKeysOf(text ?? ""),
    folderExists,
    record: recorded && (JSON.parse(recorded.content.toString()) as MemberRecord),
  };
}

async function readFiles(host: Host, path: string) {
  const [file, recorded, { exitCode }] = await Promise.all([
    host.readFile(path),
    host.readFile(recordOf(path)),
    host.run(["test", "-d", posix.dirname(path)], { allowedExitCodes: [0, 1] }),
  ]);
  return { file, recorded, folderExists: exitCode === 0 };
}

/** A link must stay a link: what is changed is the file behind it. */
async function realPath(host: Host, path: string): Promise<string> {
  return (await host.run(["readlink", "-m", "--", path])).stdout.trim();
}
