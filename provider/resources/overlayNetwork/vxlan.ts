import * as v from "valibot";
import { MTU_OPTION, VXLAN_ID_OPTION, VXLAN_OVERHEAD } from "../../net/vxlan";

/** 68 bytes are the least that IPv4 has to carry (RFC 791). */
const mtuRange = `to be a whole number of bytes, ${68 + VXLAN_OVERHEAD} to 65535`;
export const mtu = v.pipe(
  v.number(mtuRange),
  v.integer(mtuRange),
  v.minValue(68 + VXLAN_OVERHEAD, mtuRange),
  v.maxValue(65535, mtuRange),
);

/** 24 bits (RFC 7348), of which 0 means "none" to Docker. */
const idRange = "to be a whole number, 1 to 16777215";
export const vxlanId = v.pipe(
  v.number(idRange),
  v.integer(idRange),
  v.minValue(1, idRange),
  v.maxValue(2 ** 24 - 1, idRange),
);

/** The driver options of these two: every subnet has a VXLAN of its own, numbered on from the given one. */
export function vxlanOptions(
  { mtu, vxlanId }: { mtu?: number; vxlanId?: number },
  subnets: number,
): Record<string, string> {
  return {
    ...(mtu === undefined ? {} : { [MTU_OPTION]: String(mtu) }),
    ...(vxlanId === undefined
      ? {}
      : { [VXLAN_ID_OPTION]: Array.from({ length: subnets }, (_, i) => vxlanId + i).join(",") }),
  };
}
