import { CrosshostError } from "../../errors";
import { settleAll } from "../../settleAll";
import { isSettled } from "./halfChanged";
import type { Made } from "./inputs";
import type { ReachedServer } from "./reached";
import { missingVolumes } from "./volumes";

export interface Survey {
  /** Servers that have been there, and have their data. */
  kept: ReachedServer[];
  /** Servers that have been there, and whose data is gone. */
  lost: ReachedServer[];
  /** Servers that are new. */
  joining: ReachedServer[];
}

/** Who of the wanted servers has what; fails where so much data is gone that no quorum can tell what the store had. */
export async function survey(olds: Made, inputs: Made, servers: ReachedServer[]): Promise<Survey> {
  const settled = olds.servers.filter(isSettled);
  const joining = servers.filter(({ server }) => !settled.some(({ host }) => host === server.host));
  const known = servers.filter((server) => !joining.includes(server));
  const missing = await settleAll(known.map((server) => missingVolumes(inputs, server)));
  const lost = known.filter((_, i) => missing[i]!.length > 0);
  const kept = known.filter((server) => !lost.includes(server));
  const others = olds.servers.filter(({ host }) => !lost.some(({ server }) => server.host === host));
  if (kept.length === 0 && lost.length > 0 && others.length > 0) {
    const begun = others.some((server) => !isSettled(server));
    throw new CrosshostError(
      `the servers of "${inputs.name}" that stay (host ${addressesOf(lost)}) have lost their data, and those that ${begun ? "a change was cut with" : "are to leave"} (host ${others.map(({ host }) => host).join(", ")}) may have it`,
      {
        code: "unsupported",
        hint: begun
          ? "put a volume back, or give the store another `name` with `forceDestroy: true`, which makes it anew, empty"
          : "leave one of those in `servers` in this `up`, and take it out in the next",
      },
    );
  }
  const before = settled.length;
  if (before > 1 && lost.length > 0 && (before - lost.length) * 2 <= before) {
    const where = addressesOf(lost);
    throw new CrosshostError(
      `the data of ${lost.length} of the ${before} servers of "${inputs.name}" is gone (host ${where}), and the rest is no quorum: nothing can say what the store had`,
      {
        code: "unsupported",
        hint: "put a volume back, or give the store another `name` with `forceDestroy: true`, which makes it anew, empty",
      },
    );
  }
  return { kept, lost, joining };
}

function addressesOf(servers: readonly ReachedServer[]): string {
  return servers.map(({ host }) => host.address).join(", ");
}
