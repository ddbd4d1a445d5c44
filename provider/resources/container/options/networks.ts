import * as v from "valibot";
import { dockerName, ipv4, literal } from "../../shared/schema";
import { option } from "./option";

const aliases = v.pipe(
  v.array(literal, 'to be a list such as ["web"]'),
  v.transform((aliases) => [...new Set(aliases)].sort()),
);

const attachment = v.strictObject(
  {
    name: dockerName,
    aliases: v.optional(aliases, []),
    ipv4Address: v.optional(ipv4),
  },
  "to be an object such as { name, aliases }",
);

export type NetworkAttachment = v.InferOutput<typeof attachment>;

/** Endpoints come and go in a file of their own: `endpoints.ts`. */
export const networkOptions = {
  networksAdvanced: option(v.optional(v.array(attachment, "to be a list such as [{ name, aliases }]"), []), {
    onChange: "update",
    replaceWhenUnknown: true,
    byDefault: "none: the container is on `bridge`",
  }),
};
