import type { EngineInfo } from "../../docker/types";
import { areSame, type ClusterSettings, flagsOf, isEmpty } from "../../engine/clusterSettings";
import type { DaemonJson } from "../../engine/daemonJson";
import type { DockerService } from "../../engine/dockerService";
import { TLS_OPTIONS } from "../../engine/storeTlsFiles";
import { CrosshostError } from "../../errors";
import type { Member } from "../../run/members";
import type { Host } from "../../ssh/host";
import type { ClusterMemberInputs } from "./inputs";

/** What on a host is in the way of its membership; each says what, and what to do. */

export function requireNoSwarm(host: Host, { Swarm }: EngineInfo): void {
  if ((Swarm?.LocalNodeState ?? "inactive") === "inactive") return;
  throw new CrosshostError(`host ${host.address}: its engine is part of a swarm, which excludes a cluster store`, {
    code: "unsupported",
    hint: "`docker swarm leave` first",
  });
}

export function requireOurs(host: Host, theirs: string | undefined, owner: string): void {
  if (theirs === undefined || theirs === owner) return;
  throw new CrosshostError(`host ${host.address}: its engine is a cluster member already, of ${theirs}`, {
    code: "foreign",
    hint: "an engine can be in one cluster only",
  });
}

export function requireLast(host: Host, { overriddenBy }: DockerService): void {
  if (overriddenBy === undefined) return;
  throw new CrosshostError(
    `host ${host.address}: ${overriddenBy} sets the engine's command line, and systemd reads it after ours`,
    { code: "conflict", hint: "give it a name that comes before zz-crosshost.conf" },
  );
}

/**
 * Refuses cluster settings that somebody else has made, in docker.service or daemon.json, unless they are the wanted
 * ones, in the place they are wanted in, and are to be adopted. Returns whether they are.
 */
export function requireNoOtherSettings(
  host: Host,
  inputs: ClusterMemberInputs,
  service: DockerService,
  daemonJson: DaemonJson,
): boolean {
  const { foreignSettings } = service;
  if (!isEmpty(foreignSettings)) {
    const there = `docker.service has cluster flags already: ${flagsOf(foreignSettings).join(" ")}`;
    if (inputs.via === "daemonJson") {
      throw conflict(host, there, 'the engine refuses to start with a setting in two places: give `via: "service"`');
    }
    if (!areSame(foreignSettings, inputs)) throw unlike(host, there, inputs, "take them out of the unit first");
    if (!inputs.adopt) throw conflict(host, there, "they are the wanted ones: take them over with `adopt: true`");
    return true;
  }
  // What was taken over there stays there, and would stand in two places.
  const isOurs = daemonJson.record !== undefined && !(daemonJson.record.adopted && inputs.via === "service");
  if (isOurs || daemonJson.clusterKeys.length === 0) return false;
  const there = `${daemonJson.path} has ${daemonJson.clusterKeys.join(", ")} already`;
  if (inputs.via === "service") {
    throw conflict(
      host,
      `${there}, and the engine refuses to start with the same setting twice`,
      'take them out of that file first, or give `via: "daemonJson"`',
    );
  }
  if (!areSame(daemonJson.settings, inputs)) {
    const flags = `${there} (${flagsOf(daemonJson.settings).join(" ")})`;
    throw unlike(host, flags, inputs, "take them out of that file first");
  }
  if (!inputs.adopt) throw conflict(host, there, "they are the wanted ones: take them over with `adopt: true`");
  return true;
}

/** Two engines of one name or address are one to the others, and lose each other's packets. */
export function requireNoTwin(host: Host, member: Member, twin: Member | undefined): void {
  if (!twin) return;
  const shared =
    twin.hostName === member.hostName
      ? `the host name "${member.hostName}"`
      : `the advertised address ${member.advertisedAddress}`;
  throw new CrosshostError(
    `host ${host.address}: it has ${shared}, which another member of ${member.clusterStore} has too: host ${twin.host}`,
    {
      code: "conflict",
      hint:
        twin.hostName === member.hostName
          ? "engines know each other by their host names: `hostnamectl set-hostname` another, and restart docker"
          : "give each host an address of its own in `clusterAdvertise`",
    },
  );
}

/** The files of `kv.cacertfile` and the others; without one the engine does not start. */
export async function requireTlsFiles(host: Host, options: ClusterSettings["clusterStoreOpts"]): Promise<void> {
  const files = Object.entries(options).filter(([option]) => TLS_OPTIONS.includes(option));
  for (const [option, file] of files) {
    if (await host.readFile(file)) continue;
    throw new CrosshostError(`host ${host.address}: \`clusterStoreOpts["${option}"]\` is ${file}, which is not there`, {
      code: "unsupported",
    });
  }
}

function unlike(host: Host, there: string, wanted: ClusterSettings, hint: string): CrosshostError {
  return conflict(host, `${there}, where ${flagsOf(wanted).join(" ")} is wanted`, hint);
}

function conflict(host: Host, message: string, hint: string): CrosshostError {
  return new CrosshostError(`host ${host.address}: ${message}`, { code: "conflict", hint });
}
