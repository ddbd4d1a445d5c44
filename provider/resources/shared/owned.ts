import { createHash } from "node:crypto";
import { unlessNotFound } from "../../docker/errors";
import { CrosshostError } from "../../errors";

/** On everything we make on a host: `<project>/<stack>/<name>` of the resource it belongs to. */
export const OWNER_LABEL = "io.crosshost.owner";
/** On what cannot be changed once made: a digest of what it was made from, to tell whether it is still the wanted one. */
export const SPEC_LABEL = "io.crosshost.spec";

type Labels = Readonly<Record<string, string>> | null | undefined;

export interface Ownership {
  owner: string;
  /** What the thing is made from, as far as it cannot be changed in place. */
  spec: unknown;
}

export function ownershipLabels({ owner, spec }: Ownership): Record<string, string> {
  return { [OWNER_LABEL]: owner, [SPEC_LABEL]: createHash("sha256").update(JSON.stringify(spec)).digest("hex") };
}

/** Whether a label is one of ours, which no program gives and no comparison counts. */
export function isOwnLabel(name: string): boolean {
  return name === OWNER_LABEL || name === SPEC_LABEL;
}

export function isOwnedBy(owner: string, labels: Labels): boolean {
  return labels?.[OWNER_LABEL] === owner;
}

/** A thing on a host: its id, and the labels it was made with. */
export interface Thing {
  id: string;
  labels: Labels;
}

/**
 * Whether a thing is this resource's: it was made for it, or taken over by `adopt: true`. Docker cannot change the labels
 * of what exists, so of what was taken over, state holds the ids.
 */
export function belongsTo(owner: string, adoptedIds: readonly string[] | undefined, { id, labels }: Thing): boolean {
  return isOwnedBy(owner, labels) || (adoptedIds?.includes(id) ?? false);
}

/** Whether a thing of ours was made from the same spec; otherwise an interrupted run left it, with other inputs. */
export function isMadeFrom(ownership: Ownership, labels: Labels): boolean {
  return labels?.[SPEC_LABEL] === ownershipLabels(ownership)[SPEC_LABEL];
}

/** Whether a thing belongs to the same stack as the resource `owner`. */
export function isOfSameStack(owner: string, labels: Labels): boolean {
  const stack = owner.split("/", 2).join("/");
  return labels?.[OWNER_LABEL]?.startsWith(`${stack}/`) ?? false;
}

/** Refuses to touch what somebody else made. `what` completes "host 10.77.0.1: …", as in `the network "lan"`. */
export function requireOwned(
  host: string,
  what: string,
  owner: string,
  labels: Labels,
  { canBeAdopted = false }: { canBeAdopted?: boolean } = {},
): void {
  if (isOwnedBy(owner, labels)) return;
  const theirs = labels?.[OWNER_LABEL];
  throw new CrosshostError(
    `host ${host}: ${what} exists already and ${theirs ? `belongs to ${theirs}` : "was not made by this program"}`,
    { code: "foreign", hint: foreignHint(canBeAdopted) },
  );
}

function foreignHint(canBeAdopted: boolean): string {
  const ways = ["remove it", ...(canBeAdopted ? ["take it over with `adopt: true`"] : [])];
  return `${ways.join(", ")}, or give this resource another \`name\``;
}

/** For removals: what is gone already is success. */
export async function ignoreMissing(removal: Promise<unknown>): Promise<void> {
  await unlessNotFound(removal);
}
