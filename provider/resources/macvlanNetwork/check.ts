import type { CheckResult } from "../../lifecycle";
import { containsAddress, formatCidr, parseAddress, parseCidr } from "../../net/ipv4";
import { planBlocks } from "../../net/plan";
import { hasUnknown, UNKNOWN } from "../../unknown";
import { checkSchema } from "../shared/check";
import type { Failures } from "../shared/failures";
import { checkDistinctHosts, visibleHosts } from "../shared/hosts";
import { checkIpamConfigs } from "../shared/ipam";
import { type HostPlan, type MacvlanNetworkInputs, schema } from "./inputs";

type GivenInputs = Omit<MacvlanNetworkInputs, "plan"> & { hosts: { parent: string }[] };

export function check(
  olds: Partial<MacvlanNetworkInputs>,
  news: Record<string, unknown>,
): CheckResult<MacvlanNetworkInputs> {
  const { inputs: given, failures } = checkSchema<GivenInputs>(schema, news, { connectionsOf: "hosts" });
  checkIpamConfigs(given.ipamConfigs, failures);
  const ids = visibleHosts(given.connections);
  checkDistinctHosts(ids, (i) => `hosts[${i}].connection`, failures);
  checkHostsOutsidePool(ids, given.ipamConfigs?.[0]?.ipRange, failures);
  const { hosts, ...inputs } = given;
  const canPlan = failures.list.length === 0 && ![ids, hosts, inputs.ipamConfigs].some(hasUnknown);
  const plan = canPlan ? planHosts(ids, given, olds, failures) : (UNKNOWN as unknown as MacvlanNetworkInputs["plan"]);
  return { inputs: { ...inputs, plan }, failures: failures.list };
}

/** Shares the pool out, leaving every host what it had. */
function planHosts(
  ids: string[],
  { hosts, ipamConfigs }: GivenInputs,
  olds: Partial<MacvlanNetworkInputs>,
  failures: Failures,
): Record<string, HostPlan> {
  const [config] = ipamConfigs;
  const pool = config!.ipRange!;
  const plan = planBlocks({ pool: parseCidr(pool)!, hosts: ids, previous: oldBlocks(olds) });
  if ("full" in plan) {
    failures.say(
      "ipamConfigs[0].ipRange",
      `Expected \`ipamConfigs[0].ipRange\` to have room for ${plan.full.hosts} hosts, but ${pool} is cut into ${plan.full.blocks} blocks, one a host; give a larger range`,
    );
    return {};
  }
  return Object.fromEntries(
    ids.map((id, i) => [id, { parent: hosts[i]!.parent, ipRange: formatCidr(plan.blocks[id]!) }]),
  );
}

/** What containers get must not be what a host has. */
function checkHostsOutsidePool(ids: string[], ipRange: string | undefined, failures: Failures): void {
  const pool = ipRange === undefined ? undefined : parseCidr(ipRange);
  if (!pool || !Array.isArray(ids)) return;
  const inside = ids.filter((id) => {
    const address = parseAddress(id.replace(/:\d+$/, ""));
    return address !== undefined && containsAddress(pool, address);
  });
  if (inside.length === 0) return;
  failures.expected(
    "ipamConfigs[0].ipRange",
    `to be clear of the hosts' own addresses (${inside.join(", ")})`,
    ipRange,
  );
}

function oldBlocks({ plan }: Partial<MacvlanNetworkInputs>) {
  if (!plan || hasUnknown(plan)) return {};
  return Object.fromEntries(Object.entries(plan).map(([host, { ipRange }]) => [host, parseCidr(ipRange)!]));
}
