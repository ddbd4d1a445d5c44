import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { isUnknown } from "../../../unknown";
import { isOwnLabel } from "../../shared/owned";
import { literal, stringRecord } from "../../shared/schema";
import { option } from "./option";

const strings = (message: string) => v.array(literal, message);

const environment = v.pipe(
  v.array(
    v.pipe(
      literal,
      v.check((env) => isUnknown(env) || /^[^=]+=/.test(env), 'to be "NAME=value"'),
    ),
    'to be a list such as ["NAME=value"]',
  ),
  v.transform((envs) => [...envs].sort()),
);

/** What runs in the container. */
export const processOptions = {
  command: option(v.optional(strings('to be a list such as ["httpd", "-f"]')), {
    onChange: "replace",
    byDefault: "the image's",
    write: (command, draft) => {
      draft.Cmd = command;
    },
    read: ({ container, image }, wanted) => {
      const there = container.Config.Cmd ?? [];
      if (wanted !== undefined) return there;
      return there.length === 0 || isDeepStrictEqual(there, image?.Cmd ?? there) ? undefined : there;
    },
  }),
  envs: option(v.optional(environment, []), {
    onChange: "replace",
    byDefault: "none beside the image's",
    write: (envs, draft) => {
      draft.Env = envs;
    },
    read: ({ container, image }, wanted = []) => {
      const ofImage = image && (image.Env ?? []);
      return (container.Config.Env ?? [])
        .filter((env) => wanted.includes(env) || (ofImage && !ofImage.includes(env)))
        .sort();
    },
  }),
  labels: option(v.optional(stringRecord, {}), {
    onChange: "replace",
    byDefault: "none beside the image's",
    write: (labels, draft) => {
      draft.Labels = labels;
    },
    read: ({ container, image }, wanted = {}) => {
      const ofImage = image && (image.Labels ?? {});
      const there = Object.entries(container.Config.Labels ?? {}).filter(
        ([name, value]) => !isOwnLabel(name) && (Object.hasOwn(wanted, name) || (ofImage && ofImage[name] !== value)),
      );
      return Object.fromEntries(there.sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  }),
};
