import type { DockerApi } from "../../docker/api";
import { isCode } from "../../errors";
import type { CommonInputs, Task } from "../../lifecycle";
import type { Connection } from "../../ssh/connection";
import type { Host } from "../../ssh/host";
import { hostId } from "../../ssh/hostId";
import { Deadline } from "../../wait";

/** A host that was reached. */
export interface Reached {
  host: Host;
  docker: DockerApi;
}

/** How long a host that may be skipped is waited for: long enough for one that is just booting its sshd. */
const PATIENCE = 30_000;

/**
 * Whether hosts that cannot be reached are to be left as they are: by the input or, since `destroy` runs no program, by
 * the environment.
 */
export function skipsUnreachable({ skipUnreachableHosts }: CommonInputs): boolean {
  return skipUnreachableHosts === true || process.env.CROSSHOST_SKIP_UNREACHABLE_HOSTS === "1";
}

/**
 * The host; undefined where it cannot be reached and is to be skipped, which the user is told together with
 * `consequence`: what that means for what is on it. Only for what leaves a host alone when skipped: reading and removing.
 * A host that was reached and then refuses something is never skipped: it can be asked, and answers.
 */
export async function reachOrSkip(
  connection: Connection,
  inputs: CommonInputs,
  { run, deadline }: Task,
  consequence: string,
): Promise<Reached | undefined> {
  const reach = async (deadline: Deadline) => {
    const host = await run.host(connection, deadline);
    return { host, docker: await run.docker(connection, deadline) };
  };
  if (!skipsUnreachable(inputs)) return await reach(deadline);
  const reason = run.unreachable.get(hostId(connection));
  if (reason !== undefined) {
    run.progress(hostId(connection), `skipped, not reached (${reason}): ${consequence}`);
    return undefined;
  }
  try {
    return await reach(new Deadline(Math.min(PATIENCE, deadline.remaining()), deadline.clock));
  } catch (error) {
    // Refusals to let us in are answers; only these four say that nobody was there to give one.
    if (!isCode(error, "cannot-resolve", "refused", "timed-out", "connection-lost")) throw error;
    const { message } = error as Error;
    const reason = message.replace(/^host \S+: /, "");
    run.unreachable.set(hostId(connection), reason);
    run.progress(hostId(connection), `skipped, not reached (${reason}): ${consequence}`);
    return undefined;
  }
}
