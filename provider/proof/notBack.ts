import type { RunContext } from "../run/context";
import type { Endpoint } from "./survey";

type Who = Pick<Endpoint, "host" | "name">;

/** Tells of a container that was taken off a network to be healed, and did not come back. */
export function warnNotBack(run: RunContext, who: Who, network: string): void {
  warn(run, who, `could not be connected to "${network}" again, and may be off it`);
}

/** Tells of a container that came back at another address than its resource has among its outputs. */
export function warnMoved(run: RunContext, who: Who, network: string, had: string): void {
  warn(run, who, `has another address on "${network}" than ${had}`);
}

function warn(run: RunContext, { host, name }: Who, what: string): void {
  run.say(`warning: ${host}: ${name} ${what}; \`pulumi up --refresh\` brings its resource up to date`);
}
