import { HalfDone } from "../../halfDone";
import type { Task } from "../../lifecycle";
import { own } from "../../own";
import { settleAll } from "../../settleAll";
import { hostId } from "../../ssh/hostId";
import { connectionTo } from "../shared/hosts";
import { removeFromHost } from "./delete";
import type { LanDriver } from "./driver";
import { gatherFacts } from "./facts";
import type { MacvlanNetworkInputs, MacvlanNetworkState } from "./inputs";
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
  const facts = await settleAll(
    Object.entries(inputs.plan).map(async ([id, plan]) => {
      const connection = connectionTo(id, inputs.connections);
      const old = olds && own(olds.plan, id);
      const found = await gatherFacts(driver, inputs.name, id, plan, { connection, old, task });
      await preflight(driver, inputs, found);
      return found;
    }),
  );
  const left = Object.keys(olds?.plan ?? {}).filter((id) => !Object.hasOwn(inputs.plan, id));
  try {
    const leaving = settleAll(left.map((id) => removeFromHost(olds!, id, task)));
    const making = settleAll(facts.map((found) => bringAboutOnHost(driver, inputs, found, olds?.adoptedIds, task)));
    await settleAll<unknown>([leaving, making]);
    const made = await making;
    const adoptedIds = made.filter(({ isAdopted }) => isAdopted).map(({ networkId }) => networkId);
    return {
      ...inputs,
      networkIds: Object.fromEntries(made.map(({ id, networkId }) => [id, networkId])),
      ...(adoptedIds.length > 0 ? { adoptedIds } : {}),
    };
  } catch (error) {
    // What was made on some hosts has to be in state, or destroy would leave it there.
    throw olds ? new HalfDone(together(olds, inputs), error) : error;
  }
}

/** Every host that has, or may have, a part of the network. */
function together(olds: MacvlanNetworkState, inputs: MacvlanNetworkInputs): MacvlanNetworkState {
  const gone = olds.connections.filter((connection) => !Object.hasOwn(inputs.plan, hostId(connection)));
  return {
    ...olds,
    connections: [...inputs.connections, ...gone],
    plan: { ...inputs.plan, ...olds.plan },
    networkIds: olds.networkIds ?? {},
  };
}
