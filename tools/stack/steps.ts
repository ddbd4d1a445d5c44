import { readFile } from "node:fs/promises";

/** What the engine did, or in a preview would do, with one resource. */
export interface Step {
  urn: string;
  /** Without the prefix of dynamic resources: "crosshost:Container". */
  type: string;
  name: string;
  /** Pulumi's word: "create", "same", "update", "delete", "replace", "create-replacement", "delete-replaced", … */
  op: string;
}

interface EngineEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string } };
  resOutputsEvent?: { metadata: { op: string; urn: string } };
}

/**
 * The steps of an event log in their order: as they were begun in a preview, as they were finished in anything else.
 * The stack itself and the providers are left out.
 */
export async function readSteps(eventLog: string, isPreview: boolean): Promise<Step[]> {
  // What stands behind the last end of a line, a CLI that was killed had not finished.
  const lines = (await readFile(eventLog, "utf8")).split("\n").slice(0, -1);
  return lines
    .map((line) => JSON.parse(line) as EngineEvent)
    .map((event) => (isPreview ? event.resourcePreEvent : event.resOutputsEvent)?.metadata)
    .filter((metadata) => metadata !== undefined)
    .map(toStep)
    .filter(({ type }) => !type.startsWith("pulumi:"));
}

function toStep({ op, urn }: { op: string; urn: string }): Step {
  // urn:pulumi:<stack>::<project>::<types of its parents, separated by $, and its own>::<name>
  const [, , types = "", ...name] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  return { urn, op, type: type.replace("pulumi-nodejs:dynamic/", ""), name: name.join("::") };
}
