import type { DockerApi } from "../docker/api";
import { unlessNotFound } from "../docker/errors";
import type { Network } from "../docker/types";
import type { Clock } from "../wait";

/** How long an engine may not see a network that it has: it says so of all of them while its store does not answer it. */
const PATIENCE = 5_000;
const PAUSE = 250;

/** A network that something is known to be on, or undefined where its engine does not see it for a while. */
export async function inspectKnown(docker: DockerApi, id: string, clock: Clock): Promise<Network | undefined> {
  for (let waited = 0; ; waited += PAUSE) {
    const network = await unlessNotFound(docker.networks.inspect(id));
    if (network || waited >= PATIENCE) return network;
    await clock.sleep(PAUSE);
  }
}
