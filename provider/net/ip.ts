import { Address4, Address6 } from "ip-address";

export type Family = 4 | 6;

/** An address of either family, as a number. */
export interface Address {
  family: Family;
  value: bigint;
}

/** A network of either family: its first address as a number, and the prefix length. */
export interface Cidr {
  family: Family;
  base: bigint;
  prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** The longest prefix of a family: a block of one address. */
export function bitsOf(family: Family): number {
  return BITS[family];
}

/** How many addresses a prefix leaves. */
export function size({ family, prefix }: { family: Family; prefix: number }): bigint {
  return 1n << BigInt(BITS[family] - prefix);
}

/** An address of either family, or undefined if the text is none; strict, so `010.1.2.3` and zones are refused. */
export function parseAddress(text: string): Address | undefined {
  if (/^[\d.]+$/.test(text) && Address4.isValid(text)) return { family: 4, value: new Address4(text).bigInt() };
  if (/^[\da-f:.]*:[\da-f:.]*$/i.test(text) && Address6.isValid(text)) {
    return { family: 6, value: new Address6(text).bigInt() };
  }
  return undefined;
}

export function isIpv4(text: string): boolean {
  return parseAddress(text)?.family === 4;
}

/** IPv6 in the short form that kernel and engine write. */
export function formatAddress({ family, value }: Address): string {
  return (family === 4 ? Address4 : Address6).fromBigInt(value).correctForm();
}

/** `10.0.5.7/16` as the network it lies in, `10.0.0.0/16`; undefined if it is not a CIDR block. */
export function parseCidr(text: string): Cidr | undefined {
  const [addressText, prefixText, ...rest] = text.split("/");
  const address = addressText === undefined ? undefined : parseAddress(addressText);
  if (address === undefined || prefixText === undefined || rest.length > 0) return undefined;
  if (!/^(0|[1-9]\d{0,2})$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  return prefix > BITS[address.family] ? undefined : around(address, prefix);
}

/** The network with this prefix length that an address lies in. */
export function around({ family, value }: Address, prefix: number): Cidr {
  return { family, base: value - (value % size({ family, prefix })), prefix };
}

export function formatCidr({ family, base, prefix }: Cidr): string {
  return `${formatAddress({ family, value: base })}/${prefix}`;
}

export function firstAddress({ family, base }: Cidr): Address {
  return { family, value: base };
}

export function lastAddress(cidr: Cidr): Address {
  return { family: cidr.family, value: cidr.base + size(cidr) - 1n };
}

export function isSame(a: Address, b: Address): boolean {
  return a.family === b.family && a.value === b.value;
}

export function containsAddress(cidr: Cidr, { family, value }: Address): boolean {
  return family === cidr.family && value >= cidr.base && value < cidr.base + size(cidr);
}

export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return inner.prefix >= outer.prefix && containsAddress(outer, firstAddress(inner));
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return containsCidr(a, b) || containsCidr(b, a);
}
