import { CrosshostError } from "../errors";

/** Docker 23.0 took the cluster store out. Source: moby, commit "Remove cluster-store" of 22.06. */
const FIRST_WITHOUT_STORE = 23;

export function requireClusterStore(host: string, engineVersion: string): void {
  if (Number.parseInt(engineVersion, 10) < FIRST_WITHOUT_STORE) return;
  throw new CrosshostError(
    `host ${host}: Docker ${engineVersion} cannot join a key-value store: cluster stores ended with Docker 20.10`,
    { code: "unsupported", hint: "on Docker 23 and later, networks across hosts are Swarm-scoped overlays" },
  );
}
