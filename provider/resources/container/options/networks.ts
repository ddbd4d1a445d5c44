import * as v from "valibot";
import { formatAddress, parseAddress } from "../../../net/ip";
import { dockerName, ipv4, literal, macAddress, stringRecord, text } from "../../shared/schema";
import { type Need, option } from "./option";

const aliases = v.pipe(
  v.array(literal, 'to be a list such as ["web"]'),
  v.transform((aliases) => [...new Set(aliases)].sort()),
);

const ipv6 = v.pipe(
  v.string("to be an IPv6 address"),
  v.check((value) => parseAddress(value)?.family === 6, "to be an IPv6 address"),
  v.transform((value) => formatAddress(parseAddress(value)!)),
);

const attachment = v.strictObject(
  {
    name: dockerName,
    aliases: v.optional(aliases, []),
    ipv4Address: v.optional(ipv4),
    ipv6Address: v.optional(ipv6),
    macAddress: v.optional(macAddress),
    driverOpts: v.optional(stringRecord),
    gwPriority: v.optional(v.pipe(v.number("to be a whole number"), v.integer("to be a whole number"))),
  },
  "to be an object such as { name, aliases }",
);

export type NetworkAttachment = v.InferOutput<typeof attachment>;

function attachmentNeeds(attachments: readonly NetworkAttachment[]): Need[] {
  const withMac = attachments.filter(({ macAddress }) => macAddress !== undefined);
  return attachments.flatMap((attachment, i) => {
    const at = `networksAdvanced[${i}]`;
    return [
      ...(attachment.gwPriority === undefined ? [] : [{ property: `${at}.gwPriority`, api: "1.48", docker: "28" }]),
      // Older engines know one MAC address for each container: that of the network it is made on.
      ...(withMac.indexOf(attachment) < 1 ? [] : [{ property: `${at}.macAddress`, api: "1.44", docker: "25" }]),
    ];
  });
}

/** Modes in which a container has no endpoints of its own. */
export function isWithoutEndpoints(networkMode: string | undefined): boolean {
  return networkMode !== undefined && /^(host|none|container:.*)$/.test(networkMode);
}

const networkMode = v.pipe(
  text,
  v.check(
    (mode) => isWithoutEndpoints(mode) || v.is(dockerName, mode),
    'to be "bridge", "host", "none", "container:NAME" or the name of a network',
  ),
  v.transform((mode) => (mode === "bridge" || mode === "default" ? undefined : mode)),
);

/** What a container is on. Endpoints come and go in files of their own: `attachments.ts` and `endpoints.ts`. */
export const networkOptions = {
  networkMode: option(v.optional(networkMode), {
    onChange: "replace",
    byDefault: 'the first of `networksAdvanced`, else "bridge"',
    write: (mode, draft) => {
      draft.HostConfig.NetworkMode = mode;
    },
    read: ({ container }, wanted) => {
      const mode = container.HostConfig.NetworkMode;
      // The engine puts the other container's id where its name was.
      if (wanted?.startsWith("container:") && mode?.startsWith("container:")) return wanted;
      return mode === wanted || isWithoutEndpoints(mode) ? mode : undefined;
    },
  }),
  networksAdvanced: option(v.optional(v.array(attachment, "to be a list such as [{ name, aliases }]"), []), {
    onChange: "update",
    replaceWhenUnknown: true,
    byDefault: "none: the container is on `bridge`",
    needs: attachmentNeeds,
  }),
};
