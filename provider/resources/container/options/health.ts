import * as v from "valibot";
import type { HealthCheck } from "../../../docker/containerTypes";
import { parseDuration } from "../../../duration";
import { literal } from "../../shared/schema";
import { flag, given, whole } from "./fields";
import { option } from "./option";

const NANOSECONDS = 1e6;
const durationText = 'to be a duration such as "30s" or "1m30s"';

/** In Docker's own words, "1m30s"; 0 says nothing. */
const duration = v.optional(
  v.pipe(
    v.string(durationText),
    v.check((value) => parseDuration(value) !== undefined, durationText),
    v.transform((value) => formatDuration(parseDuration(value)!)),
  ),
);

const healthcheck = v.strictObject(
  {
    tests: v.pipe(v.array(literal, 'to be a list such as ["CMD", "true"]'), v.minLength(1, "not to be empty")),
    interval: duration,
    timeout: duration,
    startPeriod: duration,
    startInterval: duration,
    retries: v.optional(whole(0)),
  },
  "to be an object such as { tests, interval }",
);
type HealthCheckInput = v.InferOutput<typeof healthcheck>;

export const healthOptions = {
  healthcheck: option(v.optional(healthcheck), {
    onChange: "replace",
    byDefault: "the image's",
    write: (check, draft) => {
      draft.Healthcheck = {
        Test: check.tests,
        ...(check.interval && { Interval: parseDuration(check.interval)! * NANOSECONDS }),
        ...(check.timeout && { Timeout: parseDuration(check.timeout)! * NANOSECONDS }),
        ...(check.startPeriod && { StartPeriod: parseDuration(check.startPeriod)! * NANOSECONDS }),
        ...(check.startInterval && { StartInterval: parseDuration(check.startInterval)! * NANOSECONDS }),
        ...(check.retries && { Retries: check.retries }),
      };
    },
    // What a check leaves out the engine takes from the image's.
    read: ({ container, image }, wanted) => {
      const there = fromDocker(container.Config.Healthcheck);
      const ofImage = fromDocker(image?.Healthcheck);
      const told = Object.entries(there).filter(
        ([name, value]) =>
          wanted?.[name as keyof HealthCheckInput] !== undefined ||
          JSON.stringify(value) !== JSON.stringify(ofImage[name as keyof HealthCheckInput]),
      );
      return given(Object.fromEntries(told)) as HealthCheckInput | undefined;
    },
    needs: ({ startInterval }) =>
      startInterval === undefined ? [] : [{ property: "healthcheck.startInterval", api: "1.44", docker: "25" }],
  }),
  wait: option(flag, { onChange: "update", byDefault: "false" }),
  waitTimeout: option(v.optional(whole(1, "to be a number of seconds, 1 or more")), {
    onChange: "record",
    byDefault: "60 s",
  }),
};

function fromDocker(check: HealthCheck | null | undefined): Partial<HealthCheckInput> {
  const duration = (nanoseconds: number | undefined) => formatDuration((nanoseconds ?? 0) / NANOSECONDS);
  const all = {
    tests: given(check?.Test),
    interval: duration(check?.Interval),
    timeout: duration(check?.Timeout),
    startPeriod: duration(check?.StartPeriod),
    startInterval: duration(check?.StartInterval),
    retries: check?.Retries || undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function formatDuration(milliseconds: number): string | undefined {
  if (milliseconds === 0) return undefined;
  const [hours, minutes] = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60];
  const [seconds, rest] = [Math.floor(milliseconds / 1000) % 60, milliseconds % 1000];
  const parts = [hours && `${hours}h`, minutes && `${minutes}m`, seconds && `${seconds}s`, rest && `${rest}ms`];
  return parts.filter((part) => part !== 0).join("");
}
