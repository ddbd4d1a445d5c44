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
 * The lines of an engine's log that tell a failure, at most three, without dockerd's `time=… level=… msg=` around them.
 */
export function lastWords(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const telling = lines.filter((line) => /level=(error|fatal)|^(failed|unable|invalid|unknown|error)\b/i.test(line));
  return (telling.length > 0 ? telling : lines).slice(-3).map(messageOf).join(" | ");
}

function messageOf(line: string): string {
  const [, quoted, plain] = /\bmsg=(?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(line) ?? [];
  if (quoted !== undefined) return quoted.replaceAll("\\n", " ").replaceAll(/\\(.)/g, "$1").trim();
  return plain ?? line.trim();
}
