import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { CrosshostError, isCode } from "../../errors";
import type { Task } from "../../lifecycle";

/** Pulls an image that the host does not have, saying so. */
export async function ensureImage(docker: DockerApi, host: string, image: string, { run }: Task): Promise<void> {
  if (await unlessNotFound(docker.images.inspect(image))) return;
  run.progress(host, `pulling ${image}`);
  try {
    await docker.images.pull(image);
  } catch (error) {
    if (!isCode(error, "docker-refused", "not-found")) throw error;
    const { message, code } = error as CrosshostError;
    const hint = "is the name right, and does the host reach the registry? `docker pull` on that host shows the same";
    throw new CrosshostError(message, { code, hint, cause: error });
  }
}
