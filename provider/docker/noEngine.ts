import { CrosshostError, type ErrorCode } from "../errors";
import type { Sight } from "./sight";

/** Why a host's engine cannot be asked anything; one answer for all calls that wait for it. */
export class NoEngine extends Error {
  constructor(
    readonly reason: string,
    readonly code: ErrorCode,
    readonly hint: string | undefined,
    cause: unknown,
  ) {
    super(reason, { cause });
  }

  /** The error of the call that was to `attempt` something. */
  of(host: string, attempt: string): CrosshostError {
    const { code, hint, cause } = this;
    return new CrosshostError(`host ${host}: ${attempt}: ${this.reason}`, { code, hint, cause });
  }
}

/** Nobody answers at the socket. */
export function nobodyAnswers(path: string, sight: Sight, cause: unknown): NoEngine {
  const { service, rootless } = sight;
  if (rootless) {
    return new NoEngine(
      `no Docker engine answers on ${path}, only a rootless one on ${rootless}`,
      "unsupported",
      "a rootless engine makes no overlay and macvlan networks; install Docker as root's service",
      cause,
    );
  }
  const state = service && service !== "not-found" ? `; docker.service is ${service}` : "";
  return new NoEngine(`no Docker engine answers on ${path}${state}`, "docker-not-there", hintFor(service), cause);
}

function hintFor(service: string | undefined): string {
  if (service === "not-found") return "install Docker on the host";
  if (service === "failed") return "systemctl status docker on the host says why";
  if (service === "active") return "does it listen there? `connection.dockerSocketPath` says where else";
  if (service === "activating") return "it is just starting";
  return service ? "start it: systemctl start docker" : "is Docker installed and running?";
}

/** sshd forwards no sockets, and the way around it is not there either. */
export function notForwarded(path: string, cause: unknown): NoEngine {
  return new NoEngine(
    `sshd does not forward ${path}, and there is no docker command to reach it by`,
    "no-permission",
    "sshd's AllowStreamLocalForwarding must be yes on the host, or the docker command be installed there",
    cause,
  );
}

/** The docker command there reaches no engine though one is there. */
export function commandFails(path: string, cause: Error): NoEngine {
  const said = cause.message.replace(/^.*?: exit code /, "exit code ");
  return new NoEngine(
    `sshd does not forward ${path}, and the docker command there cannot reach it either: ${said}`,
    "docker-not-there",
    "it must be of Docker 18.09 or later; or sshd's AllowStreamLocalForwarding be yes",
    cause,
  );
}

/** The engine was not there for a moment, in which it was not asked anything. */
export class EngineWasAway extends Error {
  constructor(cause: unknown) {
    super("the engine was away for a moment", { cause });
  }
}

/** The user may not open the socket and can not become root. */
export function mayNotOpen(user: string, path: string, cause: Error): NoEngine {
  const because = cause instanceof CrosshostError ? `; ${cause.message.replace(/^.*?that needs root, and /, "")}` : "";
  return new NoEngine(
    `${user} may not use ${path}${because}`,
    "no-permission",
    "connect as root, or as a user in the group docker, or allow it in sudoers",
    cause,
  );
}
