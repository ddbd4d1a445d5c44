import { Address4 } from "ip-address";

/** An IPv4 network: its first address as a number, and the prefix length. */
export interface Cidr {
  base: number;
  prefix: number;
}

/** How many addresses a prefix leaves. */
export function size({ prefix }: { prefix: number }): number {
  return 2 ** (32 - prefix);
}

/** A dotted quad as a number, or undefined if it is none; strict, so `010.1.2.3` is refused. */
export function parseAddress(text: string): number | undefined {
  if (text.includes("/") || !Address4.isValid(text)) return undefined;
  return Number(new Address4(text).bigInt());
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** `10.0.5.7/16` as the network it lies in, `10.0.0.0/16`; undefined if it is not a CIDR block. */
export function parseCidr(text: string): Cidr | undefined {
  const [address, prefixText, ...rest] = text.split("/");
  const value = address === undefined ? undefined : parseAddress(address);
  if (value === undefined || prefixText === undefined || rest.length > 0) return undefined;
  if (!/^(0|[1-9]\d?)$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  if (prefix > 32) return undefined;
  return { base: value - (value % size({ prefix })), prefix };
}

export function formatCidr({ base, prefix }: Cidr): string {
  return `${formatAddress(base)}/${prefix}`;
}

export function containsAddress(cidr: Cidr, address: number): boolean {
  return address >= cidr.base && address < cidr.base + size(cidr);
}

export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return inner.prefix >= outer.prefix && containsAddress(outer, inner.base);
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return containsCidr(a, b) || containsCidr(b, a);
}
