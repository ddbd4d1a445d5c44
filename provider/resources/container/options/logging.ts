import * as v from "valibot";
import { text } from "../../shared/schema";
import { given, optionalRecord } from "./fields";
import { option } from "./option";

/** Where its output goes. */
export const loggingOptions = {
  logDriver: option(v.optional(text), {
    onChange: "replace",
    byDefault: "the engine's",
    leftToEngine: true,
    write: (driver, { HostConfig }) => {
      HostConfig.LogConfig = { Type: driver, Config: {} };
    },
    read: ({ container }) => container.HostConfig.LogConfig?.Type || undefined,
  }),
  logOpts: option(optionalRecord, {
    onChange: "replace",
    byDefault: "the engine's",
    leftToEngine: true,
    write: (opts, { HostConfig }) => {
      HostConfig.LogConfig = { Type: HostConfig.LogConfig?.Type ?? "", Config: opts };
    },
    // The engine adds its own for its default driver.
    read: ({ container }, wanted = {}) => {
      const there = Object.entries(container.HostConfig.LogConfig?.Config ?? {});
      return given(Object.fromEntries(there.filter(([name]) => Object.hasOwn(wanted, name)).sort()));
    },
  }),
};
