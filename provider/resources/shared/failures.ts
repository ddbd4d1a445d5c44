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
    this.say(property, `Expected \`${property}\` ${expectation}${received}`);
  }

  say(property: string, reason: string): void {
    // Two rules may find the same thing wrong.
    if (this.list.some((failure) => failure.property === property && failure.reason === reason)) return;
    this.list.push({ property, reason });
  }

  /** Takes over what a schema found. A value that is not known yet is nobody's mistake. */
  addIssues(issues: readonly v.BaseIssue<unknown>[], knownProperties: readonly string[]): void {
    for (const issue of issues) {
      if (isUnknown(issue.input)) continue;
      const path = formatPath(issue.path ?? []);
      const property = this.asWritten(path);
      if (issue.type === "strict_object" && issue.expected === "never") {
        const known = issue.path?.length === 1 ? ` (there are: ${knownProperties.join(", ")})` : "";
        this.say(property, `Unknown property \`${property}\`${known}`);
      } else if (issue.input === undefined || issue.input === null) {
        this.say(property, `Expected \`${property}\` to be given`);
      } else if (isSecretPath(path)) {
        // The engine prints the value of a failure's property, secret or not, where that is a whole input.
        this.say(property in SECRET_INPUTS ? "" : property, `Expected \`${property}\` ${issue.message}`);
      } else {
        this.expected(property, issue.message, issue.input);
      }
    }
  }

  private asWritten(property: string): string {
    if (!this.connectionsOf) return property;
    return property
      .replace(/^clientConnections/, "reachableFrom")
      .replace(/^connections\[(\d+)\]/, `${this.connectionsOf}[$1].connection`)
      .replace(/^connections$/, this.connectionsOf);
  }
}

/** The inputs that are, or hold, secrets. */
const SECRET_INPUTS = {
  connection: true,
  connections: true,
  clientConnections: true,
  envs: true,
  environment: true,
  registryAuth: true,
  tls: true,
  uploads: true,
};

/** Values at and below these are never shown. */
function isSecretPath(path: string): boolean {
  return (
    /(^|\.|\])(password|privateKey|privateKeyPassword|envs|environment|registryAuth|tls|uploads)\b/.test(path) ||
    /(^|\.)(connections?|clientConnections)(\[\d+\])?(\.proxy)*$/.test(path)
  );
}

function show(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function formatPath(path: readonly v.IssuePathItem[]): string {
  return path.reduce((text, { key }) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    if (text === "") return name;
    return /^[\w$-]+$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`;
  }, "");
}
