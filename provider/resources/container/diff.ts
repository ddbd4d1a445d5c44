import { isDeepStrictEqual } from "node:util";
import { isSince } from "../../docker/version";
import type { DiffResult } from "../../lifecycle";
import { hasUnknown } from "../../unknown";
import { diffByTable } from "../shared/options";
import { type ContainerInputs, type ContainerState, options } from "./inputs";
import { comparedUploads } from "./sourceHash";

/** The API from which on every endpoint has a MAC address of its own to ask for. */
export const MAC_PER_ENDPOINT = "1.44";

/** By the table, but for the one MAC address that an older engine knows: it belongs to the container, for good. */
export function diff(olds: ContainerState, news: ContainerInputs): DiffResult {
  const uploads = Array.isArray(news.uploads) ? { uploads: comparedUploads(olds.uploads, news.uploads) } : {};
  const result = diffByTable(options, olds, { ...news, ...uploads });
  const isPerEndpoint = isSince(olds.apiVersion ?? "1.0", MAC_PER_ENDPOINT);
  if (isPerEndpoint || result.replaces.includes("networksAdvanced") || hasUnknown(news.networksAdvanced)) return result;
  if (isDeepStrictEqual(fixedMac(olds), fixedMac(news))) return result;
  return { changes: true, replaces: [...result.replaces, "networksAdvanced"] };
}

function fixedMac({ networksAdvanced }: ContainerInputs): [string, string] | undefined {
  const fixed = networksAdvanced.find(({ macAddress }) => macAddress !== undefined);
  return fixed && [fixed.name, fixed.macAddress!];
}
