import type { CheckResult } from "../../lifecycle";
import { formatCidr, parseCidr } from "../../net/ipv4";
import { planBlocks } from "../../net/plan";
import { hasUnknown, UNKNOWN } from "../../unknown";
import { checkSchema } from "../shared/check";
import type { Failures } from "../shared/failures";
import { checkDistinctHosts } from "../shared/hosts";
import { checkIpamConfigs } from "../shared/ipam";
import { type HostPlan, type MacvlanNetworkInputs, schema } from "./inputs";

type GivenInputs = Omit<MacvlanNetworkInputs, "plan"> & { hosts: { host: string; parent: string }[] };

export function check(
  olds: Partial<MacvlanNetworkInputs>,
  news: Record<string, unknown>,
): CheckResult<MacvlanNetworkInputs> {
  const { inputs: given, failures } = checkSchema<GivenInputs>(schema, news, ["owner", "connections"]);
  checkIpamConfigs(given.ipamConfigs, failures);
  if (Array.isArray(given.hosts)) {
    const ids = given.hosts.map((entry) => entry?.host);
    checkDistinctHosts(ids, "hosts", failures);
  }
  const { hosts, ...inputs } = given;
  const canPlan = failures.list.length === 0 && !hasUnknown(hosts) && !hasUnknown(inputs.ipamConfigs);
  const plan = canPlan ? planHosts(given, olds, failures) : (UNKNOWN as unknown as MacvlanNetworkInputs["plan"]);
  return { inputs: { ...inputs, plan }, failures: failures.list };
}

/** Shares the pool out, leaving every host what it had. */
function planHosts(
  { hosts, ipamConfigs }: GivenInputs,
  olds: Partial<MacvlanNetworkInputs>,
  failures: Failures,
): Record<string, HostPlan> {
  const [config] = ipamConfigs;
  const pool = config?.ipRange ?? config?.subnet ?? "";
  const plan = planBlocks({ pool: parseCidr(pool)!, hosts: hosts.map(({ host }) => host), previous: oldBlocks(olds) });
  if ("full" in plan) {
    failures.say(
      "ipamConfigs[0].ipRange",
      `Expected \`ipamConfigs[0].ipRange\` to have room for ${plan.full.hosts} hosts, but ${pool} is cut into ${plan.full.blocks} blocks, one a host; give a larger range`,
    );
    return {};
  }
  return Object.fromEntries(
    hosts.map(({ host, parent }) => [host, { parent, ipRange: formatCidr(plan.blocks[host]!) }]),
  );
}

function oldBlocks({ plan }: Partial<MacvlanNetworkInputs>) {
  if (!plan || hasUnknown(plan)) return {};
  return Object.fromEntries(Object.entries(plan).map(([host, { ipRange }]) => [host, parseCidr(ipRange)!]));
}
