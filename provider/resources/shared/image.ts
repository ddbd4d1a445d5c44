import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { CrosshostError, isCode } from "../../errors";
import type { Task } from "../../lifecycle";
import { Deadline, waitFor } from "../../wait";

/**
 * Docker 20.10 can leave a thread in the network namespace of an overlay that is gone; whatever runs on it has no
 * network, so that pulls fail at random. The next try is likely to be on another thread; only a restart of the engine
 * cures it.
 */
const STRAY_THREAD = /network is unreachable|cannot assign requested address/;
const STRAY_THREAD_HINT =
  "a known fault of Docker 20.10 after overlays have come and gone: its threads lose the network; restart docker on that host";
const STRAY_THREAD_PATIENCE = 30_000;

/** Pulls an image that the host does not have, saying so. */
export async function ensureImage(docker: DockerApi, host: string, image: string, { run }: Task): Promise<void> {
  if (await unlessNotFound(docker.images.inspect(image))) return;
  run.progress(host, `pulling ${image}`);
  await waitFor<true>(
    async () => {
      try {
        await docker.images.pull(image);
        return { done: true };
      } catch (error) {
        if (!isCode(error, "docker-refused", "not-found")) throw error;
        const { message, code } = error as CrosshostError;
        if (STRAY_THREAD.test(message)) return { seen: message };
        const hint =
          "is the name right, and does the host reach the registry? `docker pull` on that host shows the same";
        throw new CrosshostError(message, { code, hint, cause: error });
      }
    },
    {
      what: `host ${host} to pull ${image}`,
      deadline: new Deadline(STRAY_THREAD_PATIENCE),
      hint: STRAY_THREAD_HINT,
    },
  );
}
