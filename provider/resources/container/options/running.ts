import * as v from "valibot";
import { option } from "./option";

const boolean = v.boolean("to be true or false");

/** When it runs. */
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
      write: (restart, draft) => {
        draft.HostConfig.RestartPolicy = { Name: restart };
      },
      read: ({ container }) => container.HostConfig.RestartPolicy?.Name || "no",
    },
  ),
  mustRun: option(v.optional(boolean, true), {
    onChange: "update",
    byDefault: "true",
    read: ({ container }) => container.State.Running || container.State.Restarting,
  }),
};
