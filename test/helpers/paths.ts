/** Stands in a path for the key of an object that takes any. */
const ANY_KEY = Symbol("any key");
export type Path = (string | typeof ANY_KEY)[];

/** What is looked at of a schema. */
export interface Schema {
  type: string;
  entries?: Record<string, Schema>;
  item?: Schema;
  value?: Schema;
  wrapped?: Schema;
  options?: readonly unknown[];
  getter?: (input: unknown) => Schema;
}

/** The paths of all strings that a schema takes; of what may hold itself, two levels. */
export function stringsOf(schema: Schema, path: Path = []): Path[] {
  const { type, entries = {}, item, value, wrapped, options = [], getter } = schema;
  if (path.length > 6) return [];
  if (type === "string" || type === "picklist") return [path];
  if (type === "record") return [[...path, ANY_KEY], ...stringsOf(value!, [...path, "key"])];
  if (item) return stringsOf(item, [...path, "0"]);
  if (wrapped) return stringsOf(wrapped, path);
  if (getter) return path.filter((name) => name === path.at(-1)).length > 2 ? [] : stringsOf(getter(undefined), path);
  if (type === "union" || type === "variant") return options.flatMap((option) => stringsOf(option as Schema, path));
  return Object.entries(entries).flatMap(([name, entry]) => stringsOf(entry, [...path, name]));
}

/** The paths of all strings in a value. */
export function stringsIn(value: unknown, path: readonly string[] = []): Path[] {
  if (typeof value === "string") return [[...path]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => stringsIn(part, [...path, name]));
}

/** Puts a value there, with all that leads there. */
export function setAt(target: object, [name = "", ...rest]: Path, value: string): void {
  const holder = target as Record<string, unknown>;
  if (name === ANY_KEY) holder[value] = "b";
  else if (rest.length === 0) holder[name] = value;
  else {
    if (typeof holder[name] !== "object" || holder[name] === null) holder[name] = rest[0] === "0" ? [] : {};
    setAt(holder[name] as object, rest, value);
  }
}
