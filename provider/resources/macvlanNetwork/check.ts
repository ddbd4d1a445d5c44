import type { CheckResult } from "../../lifecycle";
import { parseCidr } from "../../net/ip";
import type { RunContext } from "../../run/context";
import { hasUnknown, isUnknown, UNKNOWN } from "../../unknown";
import { checkSchema } from "../shared/check";
import type { Failures } from "../shared/failures";
import { checkDistinctHosts, visibleHosts } from "../shared/hosts";
import { checkIpamConfigs } from "../shared/ipam";
import { checkOthersSubnets } from "../shared/othersSubnets";
import type { LanDriver } from "./driver";
import { type GivenInputs, type MacvlanNetworkInputs, schemaOf } from "./inputs";
import { checkGivenRanges, OUR_NAMES, planHosts } from "./planHosts";

/** Linux's IFNAMSIZ without the NUL. */
const LONGEST_NAME = 15;

export function check(
  driver: LanDriver,
  olds: Partial<MacvlanNetworkInputs>,
  news: Record<string, unknown>,
  run: RunContext,
): CheckResult<MacvlanNetworkInputs> {
  const { inputs: given, failures } = checkSchema<GivenInputs>(schemaOf(driver), news, { connectionsOf: "hosts" });
  checkIpamConfigs(given.ipamConfigs, failures);
  checkFamilies(given, failures);
  checkVlan(given, failures);
  const choices = choose(driver, given, failures);
  const ids = visibleHosts(given.connections);
  checkDistinctHosts(ids, (i) => `hosts[${i}].connection`, failures);
  checkOthersSubnets(given, ids, run, failures);
  const { hosts, vlan, options, ...inputs } = given;
  const isKnown = ![ids, hosts, vlan, inputs.ipamConfigs, inputs.hostAccess].some(hasUnknown);
  if (isKnown && failures.list.length === 0) checkGivenRanges(given, failures);
  const canPlan = isKnown && failures.list.length === 0;
  const plan = canPlan
    ? planHosts(ids, given, previousPlan(olds, given, run), failures)
    : (UNKNOWN as unknown as MacvlanNetworkInputs["plan"]);
  return { inputs: { ...inputs, ...choices, plan }, failures: failures.list };
}

/** The plan so far. The second check in a replacement is told of no old inputs. */
function previousPlan(
  { plan }: Partial<MacvlanNetworkInputs>,
  { owner }: GivenInputs,
  { lans }: RunContext,
): MacvlanNetworkInputs["plan"] {
  const known = plan === undefined ? undefined : hasUnknown(plan) ? {} : plan;
  return known ?? (lans.planOf(owner) as MacvlanNetworkInputs["plan"] | undefined) ?? {};
}

function checkFamilies({ ipamConfigs, hosts }: GivenInputs, failures: Failures): void {
  if (!Array.isArray(ipamConfigs) || ipamConfigs.some((config) => parseSubnet(config?.subnet) === undefined)) return;
  const families = ipamConfigs.map(({ subnet }) => parseCidr(subnet)!.family);
  const [v4, v6] = ([4, 6] as const).map((family) => families.filter((other) => other === family).length);
  if (v4 !== 1 || v6! > 1) {
    failures.say(
      "ipamConfigs",
      "Expected `ipamConfigs` to have one IPv4 subnet, the LAN, and beside it at most one IPv6 subnet",
    );
  }
  if (v6 === 0 && Array.isArray(hosts)) {
    hosts.forEach((host, i) => {
      if (host?.ipv6Range === undefined) return;
      failures.expected(`hosts[${i}].ipv6Range`, "to have an IPv6 subnet in `ipamConfigs`", host.ipv6Range);
    });
  }
  ipamConfigs.forEach(({ auxAddress }, i) => {
    for (const name of Object.keys(auxAddress ?? {}).filter((name) => name.startsWith(OUR_NAMES))) {
      failures.say(
        `ipamConfigs[${i}].auxAddress`,
        `Expected \`ipamConfigs[${i}].auxAddress\` to have other names than ours, which begin with ${OUR_NAMES}, got \`${name}\``,
      );
    }
  });
}

function parseSubnet(text: unknown) {
  return typeof text === "string" ? parseCidr(text) : undefined;
}

function checkVlan({ vlan, hosts }: GivenInputs, failures: Failures): void {
  if (typeof vlan !== "number" || !Array.isArray(hosts)) return;
  hosts.forEach((host, i) => {
    const parent = host?.parent;
    if (typeof parent !== "string" || isUnknown(parent)) return;
    if (parent.includes(".")) {
      failures.expected(`hosts[${i}].parent`, "to be the untagged interface, since `vlan` is given", parent);
    } else if (`${parent}.${vlan}`.length > LONGEST_NAME) {
      const most = LONGEST_NAME - `.${vlan}`.length;
      failures.expected(`hosts[${i}].parent`, `to have at most ${most} characters, since \`vlan\` is given`, parent);
    }
  });
}

type Choices = Pick<MacvlanNetworkInputs, "mode" | "flag">;

/** `mode` and `flag`, whichever way they were given. Docker passes over options that its driver does not know. */
function choose(driver: LanDriver, given: GivenInputs, failures: Failures): Choices {
  const options = given.options && !isUnknown(given.options) ? given.options : {};
  for (const [key, value] of Object.entries(options)) {
    const property = `options.${key}`;
    const known = Object.hasOwn(driver.options, key) ? driver.options[key] : undefined;
    if (key === "parent") {
      failures.say(property, "Expected `options.parent` not to be given: it is `parent` of each host");
    } else if (!known) {
      failures.say(
        property,
        `Unknown option \`${property}\`, which Docker would pass over silently (there are: ${Object.keys(driver.options).join(", ")})`,
      );
    } else if (!isUnknown(value) && !known.values.includes(value)) {
      failures.expected(property, `to be one of ${known.values.join(", ")}`, value);
    } else if (given[known.property] !== undefined && given[known.property] !== value) {
      failures.expected(property, `to be the same as \`${known.property}\`, or left out`, value);
    }
  }
  const chosen = Object.entries(driver.options).map(([key, { property, values }]) => [
    property,
    given[property] ?? options[key] ?? values[0],
  ]);
  const choices = Object.fromEntries(chosen) as Choices;
  if (given.hostAccess === true && choices.mode !== "bridge" && !isUnknown(choices.mode)) {
    failures.say(
      "hostAccess",
      `Expected \`hostAccess\` to be false, since only in mode bridge a host reaches its own containers, got mode \`${choices.mode}\``,
    );
  }
  return choices;
}
