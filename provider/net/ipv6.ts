import { Address6 } from "ip-address";

/** An IPv6 address in its one shortest form, as engines show it; undefined if it is none. */
export function normalIpv6(text: string): string | undefined {
  if (/[/%]/.test(text) || !Address6.isValid(text)) return undefined;
  return new Address6(text).correctForm();
}
