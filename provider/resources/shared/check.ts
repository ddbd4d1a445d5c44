import * as v from "valibot";
import { Failures } from "./failures";

type Schema = v.StrictObjectSchema<v.ObjectEntries, string>;

export interface CheckOptions {
  /**
   * Where the user wrote the connections, which the SDK class splits off: `hosts` for `hosts[0].connection`, so that a
   * failure is reported there.
   */
  connectionsOf?: string;
}

/**
 * Holds `news` against a resource's schema: fills in defaults, normalises, and gathers every failure. What is not known
 * yet stays as it is.
 */
export function checkSchema<Inputs>(
  schema: Schema,
  news: Record<string, unknown>,
  { connectionsOf }: CheckOptions = {},
): { inputs: Inputs; failures: Failures } {
  const { __provider, ...everything } = news;
  // What Pulumi makes of a secret output that comes to nothing.
  const given = Object.fromEntries(Object.entries(everything).filter(([, value]) => value !== null));
  const failures = new Failures(connectionsOf);
  const result = v.safeParse(schema, given);
  if (result.issues) {
    const handedInByTheSdk = connectionsOf ? ["owner", "connections"] : ["owner"];
    const known = Object.keys(schema.entries)
      .filter((name) => !handedInByTheSdk.includes(name))
      .map((name) => (name === "clientConnections" ? "reachableFrom" : name));
    failures.addIssues(result.issues, known);
  }
  return { inputs: result.output as Inputs, failures };
}
