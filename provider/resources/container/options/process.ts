import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { isUnknown } from "../../../unknown";
import { isOwnLabel } from "../../shared/owned";
import { literal, text } from "../../shared/schema";
import {
  boolean,
  configField,
  containerPath,
  flag,
  given,
  hostField,
  imageField,
  labelRecord,
  strings,
  whole,
} from "./fields";
import { option } from "./option";

const environment = v.pipe(
  v.array(
    v.pipe(
      literal,
      v.check((env) => isUnknown(env) || /^[^=]+=/.test(env), 'to be "NAME=value"'),
    ),
    'to be a list such as ["NAME=value"]',
  ),
  // Which of two the program gets is up to its language's library, and so not for us to sort.
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value } = dataset;
    const names = value.map((env) => env.split("=", 1)[0]!);
    value.forEach((env, key) => {
      const first = names.indexOf(names[key]!);
      if (isUnknown(env) || first === key) return;
      addIssue({
        message: `to be a variable that is not in the list yet: \`${names[key]}\` is \`envs[${first}]\``,
        path: [{ type: "array", origin: "value", input: value, key, value: env }],
      });
    });
  }),
  v.transform((envs) => [...envs].sort()),
);

/** What runs in the container. */
export const processOptions = {
  command: option(v.optional(v.array(literal, 'to be a list such as ["httpd", "-f"]')), {
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
  labels: option(v.optional(labelRecord, {}), {
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

const stopSignal = v.pipe(
  text,
  v.regex(/^[A-Z0-9+-]+$/i, 'to be a signal such as "SIGTERM"'),
  v.transform((signal) => signal.toUpperCase()),
);
const stopSignalField = imageField("StopSignal");

/** More of what runs in the container, and how it is told to end. */
export const moreProcessOptions = {
  entrypoints: option(v.optional(v.pipe(strings('to be a list such as ["/bin/sh", "-c"]'), v.transform(given))), {
    onChange: "replace",
    byDefault: "the image's",
    ...imageField("Entrypoint"),
  }),
  workingDir: option(v.optional(containerPath), {
    onChange: "replace",
    byDefault: "the image's",
    ...imageField("WorkingDir"),
  }),
  user: option(v.optional(text), { onChange: "replace", byDefault: "the image's", ...imageField("User") }),
  hostname: option(v.optional(text), {
    onChange: "replace",
    byDefault: "the container's short id",
    leftToEngine: true,
    ...configField("Hostname"),
  }),
  domainname: option(v.optional(text), { onChange: "replace", byDefault: "none", ...configField("Domainname") }),
  tty: option(flag, { onChange: "replace", byDefault: "false", ...configField("Tty") }),
  stdinOpen: option(flag, { onChange: "replace", byDefault: "false", ...configField("OpenStdin") }),
  init: option(v.optional(boolean), {
    onChange: "replace",
    byDefault: "the engine's",
    leftToEngine: true,
    ...hostField("Init"),
  }),
  stopSignal: option(v.optional(stopSignal), {
    onChange: "replace",
    byDefault: 'the image\'s, else "SIGTERM"',
    write: stopSignalField.write,
    read: (found, wanted) => {
      const signal = stopSignalField.read(found, wanted);
      return wanted === undefined && signal === "SIGTERM" ? undefined : signal;
    },
  }),
  stopTimeout: option(v.optional(whole(0)), {
    onChange: "replace",
    byDefault: "10 s",
    ...configField("StopTimeout"),
  }),
};
