import type { Host } from "../ssh/host";
import { UNIT } from "./dockerService";

export async function daemonReload(host: Host): Promise<void> {
  await host.run(["systemctl", "daemon-reload"], { asRoot: true });
}

export async function reloadEngine(host: Host): Promise<void> {
  await host.run(["systemctl", "reload", UNIT], { asRoot: true });
}

/** Makes a running engine read its settings file again; one that does not run has nothing to forget. */
export async function reloadIfRunning(host: Host): Promise<void> {
  const { exitCode } = await host.run(["systemctl", "is-active", "--quiet", UNIT], { allowedExitCodes: [0, 3, 4] });
  if (exitCode === 0) await reloadEngine(host);
}

/** What the engine said last, its errors first; nothing where its journal may not be read. */
export async function lastWordsOfEngine(host: Host): Promise<string> {
  const journal = ["journalctl", "-u", UNIT, "-n", "30", "-o", "cat", "--no-pager"];
  const { stdout } = await host.run(journal, { asRoot: true, allowedExitCodes: [0, 1] });
  return lastWords(stdout);
}

/**
 * The lines of an engine's log that tell why it did not start, at most three, without dockerd's `time=… level=… msg=`
 * around them; where dockerd itself says nothing, systemd's.
 */
export function lastWords(log: string): string {
  const all = log.split("\n").filter((line) => line.trim() !== "");
  const begin = all.map((line) => line.startsWith("Starting Docker")).lastIndexOf(true);
  const lines = all.slice(begin + 1);
  const telling = [
    /level=(error|fatal)|^(failed(?! to start Docker)|unable|invalid|unknown|error)\b/i,
    /^docker\.service: /,
    /./,
  ]
    .map((pattern) => lines.filter((line) => pattern.test(line)))
    .find((found) => found.length > 0);
  return (telling ?? [])
    .slice(-3)
    .map((line) => messageOf(line).slice(0, 300))
    .join(" | ");
}

function messageOf(line: string): string {
  const [, quoted, plain] = /\bmsg=(?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(line) ?? [];
  if (quoted !== undefined) return quoted.replaceAll("\\n", " ").replaceAll(/\\(.)/g, "$1").trim();
  return plain ?? line.trim();
}
