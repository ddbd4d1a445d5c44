import { CrosshostError } from "../errors";
import type { Host } from "../ssh/host";

/** Where engines listen, unless told otherwise. */
export const socketPath = "/var/run/docker.sock";

/** sshd says nothing but "failed" for a socket that is not there, may not be used, or that nobody serves. */
const look = `if [ ! -S "$1" ]; then echo missing; elif [ ! -w "$1" ]; then echo denied; else echo unserved; fi
systemctl show --property=LoadState,ActiveState docker.service 2>/dev/null || true`;

/** Why no channel to the engine's socket could be opened. */
export async function explainAbsence(host: Host, attempt: string, cause: unknown): Promise<CrosshostError> {
  const { stdout } = await host.run(["sh", "-c", look, "sh", socketPath]);
  const [socket] = stdout.split("\n", 1);
  const service = serviceState(stdout);
  if (socket === "denied") {
    return new CrosshostError(`host ${host.address}: ${attempt}: ${host.user} may not use ${socketPath}`, {
      code: "no-permission",
      hint: "connect as root, or as a user in the group docker",
      cause,
    });
  }
  const state = service && service !== "not-found" ? `; docker.service is ${service}` : "";
  return new CrosshostError(`host ${host.address}: ${attempt}: no Docker engine answers on ${socketPath}${state}`, {
    code: "docker-not-there",
    hint: hintFor(socket, service),
    cause,
  });
}

/** systemd's word for docker.service, or undefined where there is no systemd. */
function serviceState(stdout: string): string | undefined {
  const load = /^LoadState=(.*)$/m.exec(stdout)?.[1];
  return load === "not-found" ? load : /^ActiveState=(.*)$/m.exec(stdout)?.[1];
}

function hintFor(socket: string | undefined, service: string | undefined): string {
  if (service === "not-found") return "install Docker on the host";
  if (service === "failed") return "systemctl status docker on the host says why";
  if (service === "active") {
    return socket === "missing"
      ? "the engine must listen on this socket"
      : "sshd's AllowStreamLocalForwarding must be yes on the host";
  }
  if (service === "activating") return "it is just starting";
  return service ? "start it: systemctl start docker" : "is Docker installed and running?";
}
