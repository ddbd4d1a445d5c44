import type { DockerApi, RegistryAuth } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { CrosshostError, isCode } from "../../errors";
import type { Task } from "../../lifecycle";
import { Deadline, waitFor } from "../../wait";
import { PullLine } from "./pullLine";

export interface PullWishes {
  auth?: RegistryAuth;
  /** Pulls what is there, too, once in a run. Default false. */
  always?: boolean;
}

/** How long a pull that fails for a reason that may pass is tried again. */
const PATIENCE = 60_000;

/** Reasons that may pass: the registry is busy or restarting, the way to it was cut. */
const PASSING =
  /timeout|timed out|temporary failure|connection reset|connection refused|unexpected EOF|\bEOF$|toomanyrequests|too many requests|server misbehaving|received unexpected HTTP status: 5\d\d|bad gateway|service unavailable|TLS handshake/i;

/** Pulls an image that the host does not have, saying so; several that want one image on one host pull it once. */
export async function ensureImage(
  docker: DockerApi,
  host: string,
  image: string,
  task: Task,
  { auth, always = false }: PullWishes = {},
): Promise<void> {
  if (!always && (await unlessNotFound(docker.images.inspect(image)))) return;
  const { pulls } = task.run;
  // Whoever has other credentials may be refused where this one is not.
  const key = JSON.stringify([host, image, auth]);
  const pull = pulls.get(key) ?? pullPatiently(docker, host, image, task, auth);
  pulls.set(key, pull);
  try {
    await pull;
  } catch (error) {
    if (pulls.get(key) === pull) pulls.delete(key);
    throw error;
  }
}

async function pullPatiently(docker: DockerApi, host: string, image: string, task: Task, auth?: RegistryAuth) {
  const { run, deadline } = task;
  run.progress(host, `pulling ${image}`);
  const patience = new Deadline(Math.min(PATIENCE, deadline.remaining()), deadline.clock);
  let told = false;
  await waitFor<true>(
    async () => {
      const line = new PullLine(deadline.clock, (progress) => run.status(host, `pulling ${image}: ${progress}`));
      try {
        await docker.images.pull(image, { auth, onProgress: (progress) => line.take(progress) });
        const end = line.end();
        if (end) run.progress(host, `pulled ${image}: ${end}`);
        return { done: true };
      } catch (error) {
        const { message } = error as Error;
        if (!isCode(error, "docker-refused") || !PASSING.test(message)) throw explained(error, auth);
        if (!told) run.progress(host, `${message.replace(/^host \S+: /, "")}; trying again`);
        told = true;
        return { seen: message };
      }
    },
    {
      what: `${image} to be pulled on ${host}`,
      deadline: patience,
      interval: { first: 500, longest: 8_000 },
      hint: "does the host reach the registry? `docker pull` on that host shows the same",
    },
  );
}

function explained(error: unknown, auth: RegistryAuth | undefined): unknown {
  if (!isCode(error, "docker-refused", "not-found")) return error;
  const { message, code } = error as CrosshostError;
  const isDenied = /denied|unauthorized|authentication required|no basic auth/i.test(message);
  const hint = isDenied
    ? auth
      ? `does the image exist, are \`registryAuth\`'s user name and password right, and may "${auth.username}" pull it?`
      : "does the image exist, and may this user pull it? `registryAuth` gives a user name and a password"
    : "is the name right, and does the host reach the registry? `docker pull` on that host shows the same";
  return new CrosshostError(message, { code, hint, cause: error });
}
