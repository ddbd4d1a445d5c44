import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isUnknown } from "../../unknown";
import type { Upload } from "./options/uploads";

/**
 * With the digests of files on this machine, so that a preview sees that one has changed. What cannot be read, since
 * something in the program has yet to write it, is left as it is.
 */
export function withSourceHashes(uploads: readonly Upload[]): Upload[] {
  return uploads.map((each) => {
    const { source, sourceHash } = each ?? {};
    if (typeof source !== "string" || isUnknown(source) || sourceHash !== undefined) return each;
    const digest = digestOf(source);
    return digest === undefined ? each : { ...each, sourceHash: digest };
  });
}

function digestOf(source: string): string | undefined {
  try {
    return createHash("sha256").update(readFileSync(source)).digest("hex");
  } catch {
    return undefined;
  }
}

/** The new uploads for a comparison with the old: of a file that could not be read for one of the two, nothing is known. */
export function comparedUploads(olds: readonly Upload[] | undefined, news: readonly Upload[]): Upload[] {
  return news.map((each) => {
    const old = olds?.find(({ file, source }) => source !== undefined && source === each?.source && file === each.file);
    if (!old || (old.sourceHash !== undefined && each.sourceHash !== undefined)) return each;
    const { sourceHash: _, ...rest } = each;
    return { ...rest, ...(old.sourceHash === undefined ? {} : { sourceHash: old.sourceHash }) };
  });
}
