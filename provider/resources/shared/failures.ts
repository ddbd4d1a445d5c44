import type * as v from "valibot";
import type { CheckFailure } from "../../lifecycle";
import { isUnknown } from "../../unknown";

/** Gathers everything wrong with one resource's inputs, so that the user sees all of it at once. */
export class Failures {
  readonly list: CheckFailure[] = [];

  constructor(private readonly connectionsOf?: string) {}

  /** ``Expected `ipamConfigs[0].subnet` to be a CIDR block, got `10.0.0/24` ``. Leave `got` out for secrets. */
  expected(property: string, expectation: string, ...got: unknown[]): void {
    const received = got.length === 0 || got[0] === undefined ? "" : `, got \`${show(got[0])}\``;
    this.list.push({ property, reason: `Expected \`${property}\` ${expectation}${received}` });
  }

  say(property: string, reason: string): void {
    this.list.push({ property, reason });
  }

  /** Takes over what a schema found. A value that is not known yet is nobody's mistake. */
  addIssues(issues: readonly v.BaseIssue<unknown>[], knownProperties: readonly string[]): void {
    for (const issue of issues) {
      if (isUnknown(issue.input)) continue;
      const property = this.asWritten(formatPath(issue.path ?? []));
      if (issue.type === "strict_object" && issue.expected === "never") {
        const known = issue.path?.length === 1 ? ` (there are: ${knownProperties.join(", ")})` : "";
        this.say(property, `Unknown property \`${property}\`${known}`);
      } else if (issue.input === undefined || issue.input === null) {
        this.say(property, `Expected \`${property}\` to be given`);
      } else if (isSecretPath(property)) {
        this.expected(property, issue.message);
      } else {
        this.expected(property, issue.message, issue.input);
      }
    }
  }

  private asWritten(property: string): string {
    if (!this.connectionsOf) return property;
    return property
      .replace(/^connections\[(\d+)\]/, `${this.connectionsOf}[$1].connection`)
      .replace(/^connections$/, this.connectionsOf);
  }
}

/** Values below these are never shown. */
function isSecretPath(property: string): boolean {
  return (
    /(^|\.|\])(password|privateKey|privateKeyPassword|envs)\b/.test(property) ||
    /(^|\.)connections?(\[\d+\])?$/.test(property)
  );
}

function show(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function formatPath(path: readonly v.IssuePathItem[]): string {
  return path.reduce((text, { key }) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}
