import * as v from "valibot";
import { Failures } from "./failures";

/**
 * Holds `news` against a resource's schema: fills in defaults, normalises, and gathers every failure. What is not known
 * yet stays as it is.
 */
export function checkSchema<Inputs>(
  schema: v.ObjectSchema<v.ObjectEntries, undefined> | v.StrictObjectSchema<v.ObjectEntries, string>,
  news: Record<string, unknown>,
  hidden: readonly string[] = ["owner"],
): { inputs: Inputs; failures: Failures } {
  const { __provider, ...given } = news;
  const failures = new Failures();
  const result = v.safeParse(schema, given);
  if (result.issues) {
    const known = Object.keys(schema.entries).filter((name) => !hidden.includes(name));
    failures.addIssues(result.issues, known);
  }
  return { inputs: result.output as Inputs, failures };
}
