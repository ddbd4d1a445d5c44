import { type Cidr, formatAddress, size } from "./ip";

/** The largest part of a subnet that is in none of the blocks, as `10.77.0.128 to 10.77.0.254`; undefined where there is none. */
export function largestGap(subnet: Cidr, blocks: readonly Cidr[]): string | undefined {
  const { family, base } = subnet;
  // IPv4 keeps the ends of a subnet for itself.
  const ends = family === 4 && subnet.prefix < 31 ? 1n : 0n;
  const last = base + size(subnet) - 1n - ends;
  let next = base + ends;
  let best: { from: bigint; to: bigint } | undefined;
  const offer = (to: bigint) => {
    if (to >= next && (!best || to - next > best.to - best.from)) best = { from: next, to };
  };
  for (const block of blocks.filter((one) => one.family === family).sort((a, b) => (a.base < b.base ? -1 : 1))) {
    offer(block.base - 1n < last ? block.base - 1n : last);
    const after = block.base + size(block);
    if (after > next) next = after;
  }
  offer(last);
  if (!best) return undefined;
  const [from, to] = [best.from, best.to].map((value) => formatAddress({ family, value }));
  return from === to ? from : `${from} to ${to}`;
}
