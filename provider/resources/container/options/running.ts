import * as v from "valibot";
import { boolean, whole } from "./fields";
import { option } from "./option";

/** When it runs, and how it ends. */
export const runningOptions = {
  restart: option(
    v.optional(
      v.picklist(
        ["no", "always", "on-failure", "unless-stopped"],
        'to be "no", "always", "on-failure" or "unless-stopped"',
      ),
      "no",
    ),
    {
      onChange: "update",
      byDefault: '"no"',
      write: (restart, { HostConfig }) => {
        HostConfig.RestartPolicy = { Name: restart };
      },
      read: ({ container }) => container.HostConfig.RestartPolicy?.Name || "no",
    },
  ),
  mustRun: option(v.optional(boolean, true), {
    onChange: "update",
    byDefault: "true",
    read: ({ container: { State } }, wanted) => wanted === true && State.Running && !State.Paused && !State.Restarting,
  }),
};

export const moreRunningOptions = {
  maxRetryCount: option(
    v.optional(
      v.pipe(
        whole(0),
        v.transform((count) => count || undefined),
      ),
    ),
    {
      onChange: "update",
      byDefault: "no limit",
      write: (count, { HostConfig }) => {
        HostConfig.RestartPolicy = { Name: "on-failure", MaximumRetryCount: count };
      },
      read: ({ container }) => container.HostConfig.RestartPolicy?.MaximumRetryCount || undefined,
    },
  ),
  start: option(
    v.optional(
      v.pipe(
        boolean,
        // True is what it is without it.
        v.transform((start): boolean | undefined => (start ? undefined : start)),
      ),
    ),
    {
      onChange: "update",
      byDefault: "true",
      read: ({ container }, wanted) => (wanted === false ? container.State.Running : undefined),
    },
  ),
  destroyGraceSeconds: option(v.optional(whole(0)), { onChange: "record", byDefault: "`stopTimeout`, else 0" }),
  removeVolumes: option(v.optional(boolean), { onChange: "record", byDefault: "true" }),
};
