import * as v from "valibot";
import { isUnknown } from "../../unknown";
import type { OptionTable } from "../shared/options";
import { common, connection, dockerName, imageName, ipv4, literal, stringRecord } from "../shared/schema";

const strings = (message: string) => v.array(literal, message);

export const schema = v.strictObject(
  {
    ...common,
    connection,
    name: dockerName,
    image: imageName,
    command: v.optional(strings('to be a list such as ["httpd", "-f"]')),
    envs: v.optional(
      v.pipe(
        v.array(
          v.pipe(
            literal,
            v.check((env) => isUnknown(env) || /^[^=]+=/.test(env), 'to be "NAME=value"'),
          ),
          'to be a list such as ["NAME=value"]',
        ),
        v.transform((envs) => [...envs].sort()),
      ),
      [],
    ),
    labels: v.optional(stringRecord, {}),
    restart: v.optional(
      v.picklist(
        ["no", "always", "on-failure", "unless-stopped"],
        'to be "no", "always", "on-failure" or "unless-stopped"',
      ),
      "no",
    ),
    mustRun: v.optional(v.boolean("to be true or false"), true),
    networksAdvanced: v.optional(
      v.array(
        v.strictObject(
          {
            name: dockerName,
            aliases: v.optional(
              v.pipe(
                strings('to be a list such as ["web"]'),
                v.transform((aliases) => [...new Set(aliases)].sort()),
              ),
              [],
            ),
            ipv4Address: v.optional(ipv4),
          },
          "to be an object such as { name, aliases }",
        ),
        "to be a list such as [{ name, aliases }]",
      ),
      [],
    ),
  },
  "to be an object",
);

/** A container's inputs after check. */
export interface ContainerInputs extends v.InferOutput<typeof schema> {
  /** The host's id, to be seen beside the secret connection. */
  host: string;
}
export type NetworkAttachment = ContainerInputs["networksAdvanced"][number];

/** Where one network meets the container: an endpoint, in the words of the Container Network Model. */
export interface Endpoint {
  network: string;
  id: string;
  address: string;
  macAddress: string;
  gateway: string;
}

/** The container's network stack: a Linux network namespace. */
export interface Sandbox {
  id: string;
  /** Path of the network namespace on the host. */
  key: string;
}

/** The shape of `@pulumi/docker`'s output of this name. */
export interface NetworkData {
  networkName: string;
  ipAddress: string;
  ipPrefixLength: number;
  gateway: string;
  globalIpv6Address: string;
  globalIpv6PrefixLength: number;
  ipv6Gateway: string;
  macAddress: string;
}

export interface ContainerState extends ContainerInputs {
  containerId: string;
  sandbox: Sandbox;
  endpoints: Endpoint[];
  networkDatas: NetworkData[];
}

export const options: OptionTable<ContainerInputs> = {
  owner: { onChange: "ignore" },
  connection: { onChange: "update", replaceWhenUnknown: true },
  host: { onChange: "replace" },
  name: { onChange: "replace" },
  image: { onChange: "replace" },
  command: { onChange: "replace" },
  envs: { onChange: "replace" },
  labels: { onChange: "replace" },
  restart: { onChange: "update" },
  mustRun: { onChange: "update" },
  networksAdvanced: { onChange: "update", replaceWhenUnknown: true },
  timeouts: { onChange: "record" },
  skipUnreachableHosts: { onChange: "record" },
};
