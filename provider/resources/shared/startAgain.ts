import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";

/** Starts the containers a restart has stopped: those without a restart policy, or with networks of the store. */
export async function startAgain(docker: DockerApi, containers: readonly string[]): Promise<void> {
  await Promise.all(
    containers.map(async (id) => {
      const container = await unlessNotFound(docker.containers.inspect(id));
      if (container && !container.State.Running) await docker.containers.start(id);
    }),
  );
}

/** Does what restarts an engine; these containers run again afterwards, also where it fails. */
export async function runningAgainAfter(
  docker: DockerApi,
  containers: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    // The failure is what is told; a container that does not start then has its reason in it.
    await Promise.allSettled(containers.map((id) => startAgain(docker, [id])));
    throw error;
  }
  await startAgain(docker, containers);
}
