/**
 * What Pulumi writes, in a preview, for a value that is not known yet. Source: `unknownValue` in the SDK's
 * `runtime/rpc.ts`; part of the engine's protocol, so it does not change.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether anything in `value`, at any depth, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === null || typeof value !== "object") return isUnknown(value);
  return Object.values(value).some(hasUnknown);
}
