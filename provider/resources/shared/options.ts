import { isDeepStrictEqual } from "node:util";
import type { DiffResult } from "../../lifecycle";
import { isUnknown } from "../../unknown";

/** What a change of one property does. */
export type OnChange =
  /** The thing is deleted and made anew. */
  | "replace"
  /** The thing is changed where it is. */
  | "update"
  /** Nothing on any host: the new value is kept in state, where refresh and destroy find it. */
  | "record"
  /** Nothing: what is in state counts. */
  | "ignore";

export interface Option {
  /** Where it depends on the values, a function of the old and the new one. */
  onChange: OnChange | ((old: unknown, now: unknown) => OnChange);
  /**
   * Whether the property comes from a resource this one cannot outlive: when that resource is replaced, Pulumi asks for
   * a diff with the whole property unknown, and only "replace" puts the two in order.
   */
  replaceWhenUnknown?: true;
}

/** One entry per input: nothing can be forgotten, since the compiler asks for every key. */
export type OptionTable<Inputs> = { [Property in keyof Required<Inputs>]: Option };

/** Compares what is there with what is wanted, property by property. Pure; wants both sides checked. */
export function diffByTable<Inputs extends object>(table: OptionTable<Inputs>, olds: Inputs, news: Inputs): DiffResult {
  const replaces: string[] = [];
  let changes = false;
  for (const property of Object.keys(table) as (keyof Inputs & string)[]) {
    const { replaceWhenUnknown } = table[property];
    const onChange = onChangeOf(table[property], olds[property], news[property]);
    if (onChange === "ignore") continue;
    const difference = compare(olds[property], news[property]);
    if (difference === "none") continue;
    changes = true;
    const isReplaced =
      difference === "certain" ? onChange === "replace" : replaceWhenUnknown && isUnknown(news[property]);
    if (isReplaced) replaces.push(property);
  }
  return { changes, replaces };
}

/** The properties whose change is only kept in state. */
export function recordedKeys<Inputs extends object>(table: OptionTable<Inputs>): (keyof Inputs & string)[] {
  return (Object.keys(table) as (keyof Inputs & string)[]).filter((property) => table[property].onChange === "record");
}

/** Whether all that differs is what is only kept in state. */
export function isOnlyRecorded<Inputs extends object>(table: OptionTable<Inputs>, olds: Inputs, news: Inputs): boolean {
  const properties = Object.keys(table) as (keyof Inputs & string)[];
  const differing = properties.filter(
    (property) => table[property].onChange !== "ignore" && compare(olds[property], news[property]) !== "none",
  );
  return differing.length > 0 && differing.every((property) => table[property].onChange === "record");
}

function onChangeOf({ onChange }: Option, old: unknown, now: unknown): OnChange {
  return typeof onChange === "function" ? onChange(old, now) : onChange;
}

/** Whether two values differ; "possible" where all that differs is not known yet. */
function compare(old: unknown, now: unknown): "none" | "possible" | "certain" {
  if (isUnknown(now)) return "possible";
  if (isDeepStrictEqual(old, now)) return "none";
  if (!isContainer(old) || !isContainer(now) || Array.isArray(old) !== Array.isArray(now)) return "certain";
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  const differences = [...keys].map((key) => compare(old[key], now[key]));
  if (differences.includes("certain")) return "certain";
  return differences.includes("possible") ? "possible" : "none";
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
