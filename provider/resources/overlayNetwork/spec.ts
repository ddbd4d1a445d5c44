import type { Network, NetworkCreate } from "../../docker/types";
import { MTU_OPTION, VXLAN_ID_OPTION } from "../../net/vxlan";
import { toDocker } from "../shared/network";
import { foreignLabels } from "../shared/networkDifferences";
import type { OverlayNetworkInputs } from "./inputs";
import { vxlanOptions } from "./vxlan";

/** What the engine is asked for. What is left out is left out there, too: the spec's digest is made of this. */
export function networkSpec(inputs: OverlayNetworkInputs): NetworkCreate {
  const { name, ipamConfigs, ipamDriver, ipamOptions, options, labels, internal, attachable } = inputs;
  return {
    Name: name,
    Driver: "overlay",
    IPAM: {
      Config: ipamConfigs.map(toDocker),
      ...(ipamDriver === "default" ? {} : { Driver: ipamDriver }),
      ...(Object.keys(ipamOptions).length === 0 ? {} : { Options: ipamOptions }),
    },
    Options: { ...options, ...vxlanOptions(inputs, ipamConfigs.length) },
    Labels: labels,
    ...(internal ? { Internal: true } : {}),
    ...(attachable ? { Attachable: true } : {}),
  };
}

/** The inputs as the network has them. What the program leaves to Docker is left out here, too, so that it never differs. */
export function inputsOf(wanted: OverlayNetworkInputs, network: Network): Partial<OverlayNetworkInputs> {
  const { IPAM, Internal, Attachable } = network;
  const { [MTU_OPTION]: mtu, [VXLAN_ID_OPTION]: vxlanIds, ...others } = network.Options ?? {};
  return {
    ipamConfigs: (IPAM.Config ?? []).map(({ Subnet = "", Gateway, IPRange, AuxiliaryAddresses }, i) => {
      const given = wanted.ipamConfigs[i];
      return {
        subnet: Subnet,
        ...(given?.gateway === undefined ? {} : { gateway: Gateway ?? "" }),
        ...(given?.ipRange === undefined ? {} : { ipRange: IPRange ?? "" }),
        ...(given?.auxAddress === undefined ? {} : { auxAddress: sorted(AuxiliaryAddresses ?? {}) }),
      };
    }),
    ipamDriver: IPAM.Driver ?? "default",
    ipamOptions: sorted(IPAM.Options ?? {}),
    options: sorted({
      ...others,
      // Where the program says it among the options, that is where it is.
      ...(MTU_OPTION in wanted.options && mtu !== undefined ? { [MTU_OPTION]: mtu } : {}),
      ...(VXLAN_ID_OPTION in wanted.options && vxlanIds !== undefined ? { [VXLAN_ID_OPTION]: vxlanIds } : {}),
    }),
    labels: labelsOf(wanted, network),
    internal: Internal,
    attachable: Attachable,
    ...(wanted.mtu === undefined ? {} : { mtu: Number(mtu) || 0 }),
    ...(wanted.vxlanId === undefined ? {} : { vxlanId: Number.parseInt(vxlanIds ?? "0", 10) }),
  };
}

/** Of a network that was taken over only the labels that the program asks for count. */
function labelsOf(wanted: OverlayNetworkInputs & { adoptedIds?: readonly string[] }, { Id, Labels }: Network) {
  const labels = foreignLabels(Labels);
  if (!wanted.adoptedIds?.includes(Id)) return labels;
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name in wanted.labels));
}

function sorted(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
