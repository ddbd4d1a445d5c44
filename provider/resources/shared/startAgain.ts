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
