import * as v from "valibot";
import { text } from "../../shared/schema";
import { given, hostField, optionalStrings, sorted, sortedBy } from "./fields";
import { option } from "./option";

const extraHost = v.strictObject(
  { host: v.pipe(text, v.regex(/^[^:\s]+$/, "to be a name")), ip: text },
  "to be an object such as { host, ip }",
);
const keyOf = ({ host, ip }: v.InferOutput<typeof extraHost>) => `${host}:${ip}`;

/** How names are looked up in it. */
export const nameOptions = {
  dns: option(optionalStrings, { onChange: "replace", byDefault: "the engine's", ...hostField("Dns") }),
  dnsOpts: option(optionalStrings, { onChange: "replace", byDefault: "the engine's", ...hostField("DnsOptions") }),
  dnsSearches: option(optionalStrings, { onChange: "replace", byDefault: "the engine's", ...hostField("DnsSearch") }),
  hosts: option(v.optional(v.pipe(v.array(extraHost, "to be a list such as [{ host, ip }]"), sortedBy(keyOf))), {
    onChange: "replace",
    byDefault: "none",
    write: (hosts, { HostConfig }) => {
      HostConfig.ExtraHosts = hosts.map(keyOf);
    },
    read: ({ container }) => {
      const hosts = (container.HostConfig.ExtraHosts ?? []).map((line) => {
        const colon = line.search(/[:=]/);
        return { host: line.slice(0, colon), ip: line.slice(colon + 1) };
      });
      return given(sorted(hosts, keyOf));
    },
  }),
};
