import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import type { ContainerConfig, HostConfig } from "../../../docker/containerTypes";
import type { Image } from "../../../docker/types";
import { literal, stringRecord, text } from "../../shared/schema";
import type { Draft, Found } from "./option";

/** The normal form of what says nothing: absent. */
export function given<T>(value: T | null | undefined): T | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string" || Array.isArray(value)) return value.length > 0 ? value : undefined;
  if (typeof value === "object") return Object.keys(value).length > 0 ? value : undefined;
  return value === false ? undefined : value;
}

type Given<T> = Exclude<T, null | undefined>;

/** An option that is one field of the host configuration. */
export function hostField<Name extends keyof HostConfig>(name: Name) {
  return {
    write: (value: Given<HostConfig[Name]>, draft: Draft) => {
      draft.HostConfig[name] = value;
    },
    read: ({ container }: Found) => given(container.HostConfig[name]) as Given<HostConfig[Name]> | undefined,
  };
}

/** An option that is one field of the container's configuration. */
export function configField<Name extends keyof ContainerConfig>(name: Name) {
  return {
    write: (value: Given<ContainerConfig[Name]>, draft: Draft) => {
      Object.assign(draft, { [name]: value });
    },
    read: ({ container }: Found) => given(container.Config[name]) as Given<ContainerConfig[Name]> | undefined,
  };
}

/** The same, where the image may have it too: what a container has from its image is nobody's option. */
export function imageField<Name extends keyof ContainerConfig & keyof NonNullable<Image["Config"]>>(name: Name) {
  const field = configField(name);
  return {
    ...field,
    read: (found: Found, wanted: Given<ContainerConfig[Name]> | undefined) => {
      const value = field.read(found);
      if (wanted !== undefined) return value;
      return found.image && !isDeepStrictEqual(value, given(found.image[name])) ? value : undefined;
    },
  };
}

const booleanText = "to be true or false";
export const boolean = v.boolean(booleanText);

/** False is what a container is without it. */
export const flag = v.optional(
  v.pipe(
    boolean,
    v.transform((value): boolean | undefined => value || undefined),
  ),
);

const listText = 'to be a list such as ["a", "b"]';

/** In the order given. */
export const strings = (example = listText) => v.array(text, example);
export const optionalStrings = v.optional(v.pipe(strings(), v.transform(given)));

/** In any order. */
export const sortedStrings = v.optional(
  v.pipe(
    strings(),
    v.transform((list) => given([...new Set(list)].sort())),
  ),
);

export const optionalRecord = v.optional(v.pipe(stringRecord, v.transform(given)));

/** Names and values, also in the list form of `@pulumi/docker`. */
export const labelRecord = v.union(
  [
    stringRecord,
    v.pipe(
      v.array(v.strictObject({ label: text, value: literal })),
      v.transform((list) => Object.fromEntries(list.map(({ label, value }) => [label, value]))),
      stringRecord,
    ),
  ],
  "to be an object of strings, or a list such as [{ label, value }]",
);

/** A whole number from `least` on. */
export const whole = (least: number, what = `to be a whole number, ${least} or more`) =>
  v.pipe(v.number(what), v.integer(what), v.minValue(least, what));

/** Objects by a key, so that two programs that write them in another order mean the same. */
export function sortedBy<T>(keyOf: (entry: T) => string) {
  return v.transform((list: T[]) => given(sorted(list, keyOf)));
}

export function sorted<T>(list: readonly T[], keyOf: (entry: T) => string): T[] {
  return [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

/** The path of something in a container. */
export const containerPath = v.pipe(literal, v.startsWith("/", "to be an absolute path"));
