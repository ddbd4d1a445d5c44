import * as v from "valibot";
import { dockerName, text } from "../../shared/schema";
import { hostField } from "./fields";
import { type Found, option } from "./option";

function mode(words: readonly string[], others: readonly string[] = []) {
  const expected = `to be ${[...words.map((word) => JSON.stringify(word)), ...others].join(", ").replace(/, ([^,]*)$/, " or $1")}`;
  const ofContainer = (value: string) => others.length > 0 && v.is(dockerName, /^container:(.*)$/.exec(value)?.[1]);
  return v.pipe(
    text,
    v.check((value) => words.includes(value) || ofContainer(value), expected),
  );
}

/** The engine may put another container's id where its name was. */
function shared(name: "PidMode" | "IpcMode") {
  const field = hostField(name);
  return {
    ...field,
    read: (found: Found, wanted: string | undefined) => {
      const value = field.read(found);
      return wanted?.startsWith("container:") && value?.startsWith("container:") ? wanted : value;
    },
  };
}

const CONTAINER = ['"container:NAME"'];

/** The namespaces it shares instead of having its own; for the network's see `networks.ts`. */
export const namespaceOptions = {
  pidMode: option(v.optional(mode(["host"], CONTAINER)), {
    onChange: "replace",
    byDefault: "its own",
    ...shared("PidMode"),
  }),
  ipcMode: option(v.optional(mode(["none", "private", "shareable", "host"], CONTAINER)), {
    onChange: "replace",
    byDefault: "the engine's",
    leftToEngine: true,
    ...shared("IpcMode"),
  }),
  usernsMode: option(v.optional(mode(["host"])), {
    onChange: "replace",
    byDefault: "the engine's",
    leftToEngine: true,
    ...hostField("UsernsMode"),
  }),
  cgroupnsMode: option(v.optional(mode(["private", "host"])), {
    onChange: "replace",
    byDefault: "the engine's",
    leftToEngine: true,
    ...hostField("CgroupnsMode"),
  }),
  cgroupParent: option(v.optional(text), {
    onChange: "replace",
    byDefault: "the engine's",
    ...hostField("CgroupParent"),
  }),
};
