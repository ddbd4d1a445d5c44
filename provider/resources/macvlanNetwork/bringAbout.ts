import { isDeepStrictEqual } from "node:util";
import { CrosshostError } from "../../errors";
import { HalfDone } from "../../halfDone";
import type { Task } from "../../lifecycle";
import { overlap, parseCidr } from "../../net/ip";
import { own } from "../../own";
import { settleAll } from "../../settleAll";
import { hostId } from "../../ssh/hostId";
import { connectionTo } from "../shared/hosts";
import { reachOrSkip } from "../shared/reachable";
import { prepareToLeave } from "./delete";
import type { LanDriver } from "./driver";
import { gatherFacts, type HostFacts } from "./facts";
import type { HostPlan, MacvlanNetworkInputs, MacvlanNetworkState } from "./inputs";
import { bringAboutOnHost } from "./onHost";
import { preflight } from "./preflight";

/**
 * Makes the network on every host of the plan, and takes it away from hosts that are no longer in it. Every host is
 * looked at before any is touched; then each does its part, whatever becomes of the others.
 */
export async function bringAbout(
  driver: LanDriver,
  inputs: MacvlanNetworkInputs,
  task: Task,
  olds?: MacvlanNetworkState,
): Promise<MacvlanNetworkState> {
  const left = Object.keys(olds?.plan ?? {}).filter((id) => !Object.hasOwn(inputs.plan, id));
  const [facts, leaves] = await lookAtAll(driver, inputs, task, left, olds);
  try {
    // One host may leave by one name and come by another: what is made there must not be what is taken away.
    const leaving = leaves.map((leave) => leave());
    const outcomes = await Promise.allSettled(leaving);
    const stuck = left.filter((_, i) => outcomes[i]!.status === "rejected");
    const making = facts.map(async (found) => {
      const holder = stuck.find((id) => shareAddresses(olds!.plan[id]!, found.plan));
      if (holder === undefined) return await bringAboutOnHost(driver, inputs, found, olds?.adoptedIds, task);
      const why = `its block is still that of ${holder}, which could not be left`;
      task.run.progress(found.id, `the network "${inputs.name}" is not made there: ${why}`);
      return undefined;
    });
    await settleAll<unknown>([...leaving, ...making]);
    const made = (await Promise.all(making)).filter((one) => one !== undefined);
    const skipped = Object.keys(inputs.plan).filter((id) => !made.some((one) => one.id === id));
    const networkIds = Object.fromEntries([
      ...Object.entries(olds?.networkIds ?? {}).filter(([id]) => skipped.includes(id)),
      ...made.map(({ id, networkId }) => [id, networkId] as const),
    ]);
    const adoptedIds = Object.values(networkIds).filter(
      (networkId) =>
        made.find((one) => one.networkId === networkId)?.isAdopted ?? olds?.adoptedIds?.includes(networkId),
    );
    return {
      ...inputs,
      plan: { ...inputs.plan, ...Object.fromEntries(skipped.map((id) => [id, asItWas(id, inputs, olds)])) },
      networkIds,
      ...(adoptedIds.length > 0 ? { adoptedIds } : {}),
    };
  } catch (error) {
    // What was made on some hosts has to be in state, or destroy would leave it there.
    throw olds ? new HalfDone(together(olds, inputs), error) : error;
  }
}

/** Every host is looked at before any is touched: those that the network is to be on, and those that it is to leave. */
async function lookAtAll(
  driver: LanDriver,
  inputs: MacvlanNetworkInputs,
  task: Task,
  left: readonly string[],
  olds: MacvlanNetworkState | undefined,
): Promise<[HostFacts[], (() => Promise<void>)[]]> {
  const looking = Object.entries(inputs.plan).map(async ([id, plan]) => {
    const connection = connectionTo(id, inputs.connections);
    const reached = await reachOrSkip(connection, inputs, task, `nothing is done for "${inputs.name}" there`);
    if (!reached) return undefined;
    const found = await gatherFacts(driver, inputs, id, plan, {
      ...{ ...reached, connection, old: olds && own(olds.plan, id) },
    });
    await preflight(driver, inputs, found, olds?.adoptedIds);
    return found;
  });
  // Whether a host that is gone for good may be left as it is, the program says now.
  const { skipUnreachableHosts } = inputs;
  const leaving = left.map((id) => prepareToLeave({ ...olds!, skipUnreachableHosts }, id, task));
  await settleAll<unknown>([...looking, ...leaving]);
  const facts = (await Promise.all(looking)).filter((found) => found !== undefined);
  if (facts.length === 0) throw noneReached(inputs);
  return [facts, await Promise.all(leaving)];
}

function shareAddresses(one: HostPlan, other: HostPlan): boolean {
  return [one.ipRange, one.ipv6Range].some((range) =>
    [other.ipRange, other.ipv6Range].some((taken) => range && taken && overlap(parseCidr(range)!, parseCidr(taken)!)),
  );
}

function noneReached({ name }: MacvlanNetworkInputs): CrosshostError {
  return new CrosshostError(`the network "${name}" cannot be made: none of its hosts was reached`, {
    code: "not-ready",
  });
}

/** The part of a host that was skipped: what was recorded, and, where something was to be done there, that it was not. */
function asItWas(
  id: string,
  { plan, hostAccess }: MacvlanNetworkInputs,
  olds: MacvlanNetworkState | undefined,
): HostPlan {
  const old = olds && own(olds.networkIds ?? {}, id) !== undefined ? own(olds.plan, id) : undefined;
  if (old && olds?.hostAccess === hostAccess && isDeepStrictEqual(old, plan[id])) return old;
  return { ...(old ?? plan[id]!), drift: "the host was not reached" };
}

/** Every host that has, or may have, a part of the network. */
function together(olds: MacvlanNetworkState, inputs: MacvlanNetworkInputs): MacvlanNetworkState {
  const added = Object.entries(inputs.plan).map(
    ([id, plan]) => [id, { ...plan, drift: "it was not finished" }] as const,
  );
  const gone = olds.connections.filter((connection) => !Object.hasOwn(inputs.plan, hostId(connection)));
  return {
    ...olds,
    connections: [...inputs.connections, ...gone],
    plan: { ...Object.fromEntries(added), ...olds.plan },
    networkIds: olds.networkIds ?? {},
  };
}
