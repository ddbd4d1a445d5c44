import type { DockerApi } from "../../docker/api";
import { isCode } from "../../errors";
import type { CommonInputs, Task } from "../../lifecycle";
import type { RunContext } from "../../run/context";
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
 * `consequence`: what that means for what is on it. For what leaves a host alone when skipped: reading and removing, and a LAN's other hosts.
 * A host that was reached and then refuses something is never skipped: it can be asked, and answers.
 */
export async function reachOrSkip(
  connection: Connection,
  inputs: CommonInputs,
  task: Task,
  consequence: string,
): Promise<Reached | undefined> {
  if (!skipsUnreachable(inputs)) return await reach(connection, task.run, task.deadline);
  const reached = await tryToReach(connection, task);
  if (!("reason" in reached)) return reached;
  task.run.progress(hostId(connection), `skipped, not reached (${reached.reason}): ${consequence}`);
  return undefined;
}

/** A host that nobody answered on, and why. */
export interface Unreached {
  reason: string;
  error: unknown;
}

/** The host, or why it cannot be reached; each is waited for once in a run, and not longer than one takes to boot. */
export async function tryToReach(connection: Connection, { run, deadline }: Task): Promise<Reached | Unreached> {
  const known = run.unreachable.get(hostId(connection));
  if (known !== undefined) return known;
  try {
    return await reach(connection, run, new Deadline(Math.min(PATIENCE, deadline.remaining()), deadline.clock));
  } catch (error) {
    // Refusals to let us in are answers; only these four say that nobody was there to give one.
    if (!isCode(error, "cannot-resolve", "refused", "timed-out", "connection-lost")) throw error;
    const unreached = { reason: (error as Error).message.replace(/^host \S+: /, ""), error };
    run.unreachable.set(hostId(connection), unreached);
    return unreached;
  }
}

async function reach(connection: Connection, run: RunContext, deadline: Deadline): Promise<Reached> {
  const host = await run.host(connection, deadline);
  return { host, docker: await run.docker(connection, deadline) };
}
