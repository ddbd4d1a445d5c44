import type { NetworkCreate } from "../../docker/types";
import { containsAddress, parseAddress, parseCidr } from "../../net/ip";
import { toDocker } from "../shared/network";
import type { LanDriver } from "./driver";
import type { HostPlan, MacvlanNetworkInputs } from "./inputs";

/** What a host's network is made from. What is Docker's default is left out, so that networks of older versions stay. */
export function networkSpec(driver: LanDriver, inputs: MacvlanNetworkInputs, plan: HostPlan): NetworkCreate {
  const configs = inputs.ipamConfigs.map(({ subnet, gateway }) => {
    const isV6 = parseCidr(subnet)!.family === 6;
    return toDocker({
      subnet,
      gateway,
      ipRange: isV6 ? plan.ipv6Range : plan.ipRange,
      ...reservedIn(subnet, plan),
    });
  });
  return {
    Name: inputs.name,
    Driver: driver.name,
    IPAM: { Config: configs },
    Options: { parent: plan.parent, ...driverOptions(driver, inputs) },
    Labels: inputs.labels,
    ...(inputs.internal ? { Internal: true } : {}),
    ...(configs.length > 1 ? { EnableIPv6: true } : {}),
  };
}

function driverOptions(driver: LanDriver, inputs: MacvlanNetworkInputs): Record<string, string> {
  const chosen = Object.entries(driver.options).map(([key, { property, values }]) => [
    key,
    inputs[property],
    values[0],
  ]);
  return Object.fromEntries(
    chosen.filter(([, value, byDefault]) => value !== undefined && value !== byDefault) as [string, string][],
  );
}

function reservedIn(subnet: string, { auxAddress = {} }: HostPlan): { auxAddress?: Record<string, string> } {
  const lan = parseCidr(subnet)!;
  const within = Object.entries(auxAddress).filter(([, address]) => containsAddress(lan, parseAddress(address)!));
  return within.length > 0 ? { auxAddress: Object.fromEntries(within) } : {};
}
