import { isDeepStrictEqual } from "node:util";
import { getNodeValue, type Node, parseTree } from "jsonc-parser";
import { type ClusterSettings, keysOf, SETTINGS_KEYS, settingsOfKeys } from "./clusterSettings";

/** The text of dockerd's settings file, daemon.json. Pure: everything that is not ours keeps its bytes. */

/** The cluster settings in it, or why it cannot be read. */
export function readSettings(text: string): Partial<ClusterSettings> | { malformed: string } {
  const keys = readKeys(text);
  return "malformed" in keys ? keys : settingsOfKeys(keys.keys);
}

/** The keys of ours that are there, in dockerd's words. */
export function clusterKeysOf(text: string): string[] {
  const keys = readKeys(text);
  return "malformed" in keys ? [] : SETTINGS_KEYS.filter((key) => Object.hasOwn(keys.keys, key));
}

/** The text with these settings in it: changed where they stand, else added at the end. */
export function withSettings(text: string, settings: ClusterSettings): string {
  const wanted = new Map(keysOf(settings));
  return SETTINGS_KEYS.reduce((now, key) => edit(now, key, wanted.get(key)), text.trim() === "" ? "{}\n" : text);
}

/** The text without cluster settings. */
export function withoutSettings(text: string): string {
  return SETTINGS_KEYS.reduce((now, key) => edit(now, key, undefined), text);
}

/** Whether nothing is left in it. */
export function isBlank(text: string): boolean {
  const keys = readKeys(text);
  return "keys" in keys && Object.keys(keys.keys).length === 0;
}

function readKeys(text: string): { keys: Record<string, unknown> } | { malformed: string } {
  if (text.trim() === "") return { keys: {} };
  try {
    // dockerd reads strict JSON, so what is not that must not be touched, let alone be called fine.
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { keys: value as Record<string, unknown> };
    }
    return { malformed: "it is not an object" };
  } catch (error) {
    return { malformed: (error as Error).message };
  }
}

function edit(text: string, key: string, value: unknown): string {
  const members = parseTree(text)?.children ?? [];
  const index = members.findIndex(({ children }) => children?.[0]?.value === key);
  const member = members[index];
  if (value === undefined) return member ? remove(text, member, members[index - 1], members[index + 1]) : text;
  const written = JSON.stringify(value);
  if (!member) return append(text, `${JSON.stringify(key)}: ${written}`, members.at(-1));
  const there = member.children![1]!;
  if (isDeepStrictEqual(getNodeValue(there), value)) return text;
  return splice(text, there.offset, endOf(there), written);
}

/** Behind the last member, spaced as that is from what comes before it. */
function append(text: string, member: string, last: Node | undefined): string {
  if (last) return splice(text, endOf(last), endOf(last), `,${spaceBefore(text, last)}${member}`);
  const inside = text.indexOf("{") + 1;
  return splice(text, inside, text.indexOf("}", inside), `\n  ${member}\n`);
}

/** With the comma and the space that belong to it. */
function remove(text: string, member: Node, before: Node | undefined, after: Node | undefined): string {
  if (before) return splice(text, endOf(before), endOf(member), "");
  if (after) return splice(text, member.offset, after.offset, "");
  return splice(text, text.indexOf("{") + 1, text.lastIndexOf("}"), "");
}

function spaceBefore(text: string, { offset }: Node): string {
  return /\s*$/.exec(text.slice(0, offset))![0];
}

function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}
