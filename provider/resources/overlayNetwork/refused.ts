import { isUnknown } from "../../unknown";
import type { Failures } from "../shared/failures";

/**
 * What Docker's networks have and an overlay in a key-value store has not; the engine takes some of it without a word,
 * and then no container starts, or the network can never be removed. Source: moby 20.10, `daemon/network.go` and
 * libnetwork's overlay driver; seen on 20.10.5.
 */
const REFUSED: Record<string, string> = {
  encrypted:
    "encryption needs Swarm's exchange of keys; with a key-value store no container could start on the network",
  ingress: "an ingress network is Swarm's own; with a key-value store it could never be removed again",
  ipv6: "with a key-value store the overlay driver ignores IPv6, and containers would have no IPv6 address",
  scope: "it follows from the engine: global with a key-value store, and engines refuse any other",
};

/** Takes these out of what a program gives, each with its reason; what is switched off is no mistake. */
export function refuse(news: Record<string, unknown>, failures: Failures): void {
  for (const [property, reason] of Object.entries(REFUSED)) {
    if (isOn(news[property])) failures.expected(property, `to be left out: ${reason}`, news[property]);
  }
  const { options, ipamConfigs } = news as { options?: Record<string, unknown>; ipamConfigs?: unknown };
  if (typeof options === "object" && options !== null && "encrypted" in options && !isUnknown(options.encrypted)) {
    failures.expected("options.encrypted", `to be left out: ${REFUSED.encrypted}`, options.encrypted);
  }
  if (!Array.isArray(ipamConfigs)) return;
  ipamConfigs.forEach((config: { subnet?: unknown } | undefined, i) => {
    const subnet = config?.subnet;
    if (typeof subnet !== "string" || !subnet.includes(":")) return;
    failures.expected(`ipamConfigs[${i}].subnet`, `to be of IPv4: ${REFUSED.ipv6}`, subnet);
  });
}

export function withoutRefused(news: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(news).filter(([property]) => !Object.hasOwn(REFUSED, property)));
}

function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== "" && !isUnknown(value);
}
