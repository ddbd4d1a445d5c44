import { isDeepStrictEqual } from "node:util";
import { isSince } from "../../docker/version";
import type { DiffResult } from "../../lifecycle";
import { hasUnknown } from "../../unknown";
import { diffByTable } from "../shared/options";
import { type ContainerInputs, type ContainerState, options } from "./inputs";
import { comparedUploads } from "./sourceHash";

/** The API from which on every endpoint has a MAC address of its own to ask for. */
export const MAC_PER_ENDPOINT = "1.44";

/** By the table, but for MAC addresses, which an engine takes for sure only while it makes a container. */
export function diff(olds: ContainerState, news: ContainerInputs): DiffResult {
  const uploads = Array.isArray(news.uploads) ? { uploads: comparedUploads(olds.uploads, news.uploads) } : {};
  const result = diffByTable(options, olds, { ...news, ...uploads });
  if (result.replaces.includes("networksAdvanced") || hasUnknown(news.networksAdvanced)) return result;
  const keepsMacs = isSince(olds.apiVersion ?? "1.0", MAC_PER_ENDPOINT) ? keepsEndpoints : keepsFixedMac;
  if (keepsMacs(olds, news)) return result;
  return { changes: true, replaces: [...result.replaces, "networksAdvanced"] };
}

/**
 * Whether no endpoint with a MAC address has to join again: engines from Docker 25 on know one for each endpoint, but
 * until Docker 29 pass over it in a later connect (moby issue 48192).
 */
function keepsEndpoints(olds: ContainerInputs, news: ContainerInputs): boolean {
  const fixed = news.networksAdvanced.filter(({ macAddress }) => macAddress !== undefined);
  return fixed.every((now) => olds.networksAdvanced.some((old) => isDeepStrictEqual(old, now)));
}

/** Older ones know one for the container, for good, on the network that it is made on. */
function keepsFixedMac(olds: ContainerInputs, news: ContainerInputs): boolean {
  const fixed = ({ networksAdvanced }: ContainerInputs) => {
    const one = networksAdvanced.find(({ macAddress }) => macAddress !== undefined);
    return one && [one.name, one.macAddress];
  };
  return isDeepStrictEqual(fixed(olds), fixed(news));
}
