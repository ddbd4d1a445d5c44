import { CrosshostError } from "../errors";
import type { EngineVersion } from "./types";

/** The newest API whose answers we know. */
const newest = "1.48";

/**
 * The API version to speak with an engine: the newest that both know. Fails with `unsupported` where it is none that can
 * make networks between hosts.
 */
export function chooseApiVersion(host: string, engine: EngineVersion): string {
  if (!/^\d+\.\d+$/.test(String(engine?.ApiVersion))) {
    throw new CrosshostError(`host ${host}: what answers says no API version: it is no Docker engine`, {
      code: "unsupported",
    });
  }
  const parts = engine.Components?.map(({ Name }) => Name) ?? [];
  if (parts.includes("rootlesskit")) {
    throw new CrosshostError(
      `host ${host}: the engine is rootless, and a rootless engine makes no overlay and macvlan networks`,
      { code: "unsupported", hint: "install Docker as root's service, and give its socket as `dockerSocketPath`" },
    );
  }
  if (parts.some((name) => name.startsWith("Podman"))) {
    throw new CrosshostError(`host ${host}: what answers is Podman, not a Docker engine`, { code: "unsupported" });
  }
  const chosen = compare(engine.ApiVersion, newest) < 0 ? engine.ApiVersion : newest;
  if (engine.MinAPIVersion && compare(engine.MinAPIVersion, chosen) > 0) {
    throw new CrosshostError(
      `host ${host}: Docker ${engine.Version} speaks no API older than ${engine.MinAPIVersion}; ${newest} is the newest known here`,
      { code: "unsupported", hint: "a newer pulumi-crosshost may know it" },
    );
  }
  return chosen;
}

/** Whether an engine that speaks `version` knows what came with `since`. */
export function isSince(version: string, since: string): boolean {
  return compare(version, since) >= 0;
}

function compare(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}
