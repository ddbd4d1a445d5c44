import * as v from "valibot";
import { text } from "../../shared/schema";
import { flag, given, hostField, optionalRecord, sorted, sortedBy, sortedStrings, strings } from "./fields";
import { option } from "./option";

/** Engines write them with and without the prefix. */
const bare = (capability: string) => capability.toUpperCase().replace(/^CAP_/, "");

const capabilityList = v.optional(
  v.pipe(
    strings('to be a list such as ["NET_ADMIN"]'),
    v.transform((list) => given([...new Set(list.map(bare))].sort())),
  ),
);

const device = v.pipe(
  v.strictObject(
    {
      hostPath: v.pipe(text, v.startsWith("/", "to be an absolute path")),
      containerPath: v.optional(v.pipe(text, v.startsWith("/", "to be an absolute path"))),
      permissions: v.optional(v.pipe(text, v.regex(/^[rwm]{1,3}$/, 'to be of the letters "rwm"')), "rwm"),
    },
    "to be an object such as { hostPath }",
  ),
  v.transform((entry) => ({ ...entry, containerPath: entry.containerPath ?? entry.hostPath })),
);

/** The engine's own, for privileged containers and those in the host's namespaces. */
const OWN_SECURITY_OPT = "label=disable";

/** What it may do beside what every container may. */
export const securityOptions = {
  privileged: option(flag, { onChange: "replace", byDefault: "false", ...hostField("Privileged") }),
  capabilities: option(
    v.optional(
      v.pipe(
        v.strictObject({ adds: capabilityList, drops: capabilityList }, "to be an object { adds, drops }"),
        v.transform(({ adds, drops }) => given({ ...(adds && { adds }), ...(drops && { drops }) })),
      ),
    ),
    {
      onChange: "replace",
      byDefault: "Docker's",
      write: ({ adds, drops }, { HostConfig }) => {
        if (adds) HostConfig.CapAdd = adds;
        if (drops) HostConfig.CapDrop = drops;
      },
      read: ({ container: { HostConfig } }) => {
        const adds = given((HostConfig.CapAdd ?? []).map(bare).sort());
        const drops = given((HostConfig.CapDrop ?? []).map(bare).sort());
        return given({ ...(adds && { adds }), ...(drops && { drops }) });
      },
    },
  ),
  groupAdds: option(sortedStrings, { onChange: "replace", byDefault: "none", ...hostField("GroupAdd") }),
  devices: option(
    v.optional(
      v.pipe(
        v.array(device, "to be a list such as [{ hostPath }]"),
        sortedBy(({ containerPath }) => containerPath),
      ),
    ),
    {
      onChange: "replace",
      byDefault: "none",
      write: (devices, { HostConfig }) => {
        HostConfig.Devices = devices.map(({ hostPath, containerPath, permissions }) => ({
          PathOnHost: hostPath,
          PathInContainer: containerPath,
          CgroupPermissions: permissions,
        }));
      },
      read: ({ container }) => {
        const devices = (container.HostConfig.Devices ?? []).map((each) => ({
          hostPath: each.PathOnHost,
          containerPath: each.PathInContainer,
          permissions: each.CgroupPermissions,
        }));
        return given(sorted(devices, ({ containerPath }) => containerPath));
      },
    },
  ),
  gpus: option(v.optional(v.literal("all", 'to be "all"')), {
    onChange: "replace",
    byDefault: "none",
    write: (_all, { HostConfig }) => {
      HostConfig.DeviceRequests = [{ Driver: "", Count: -1, Capabilities: [["gpu"]] }];
    },
    read: ({ container }) => {
      const requests = container.HostConfig.DeviceRequests ?? [];
      const isForAll = requests.some(({ Count, Capabilities }) => Count === -1 && Capabilities?.flat().includes("gpu"));
      return isForAll ? "all" : undefined;
    },
  }),
  sysctls: option(optionalRecord, { onChange: "replace", byDefault: "none", ...hostField("Sysctls") }),
  securityOpts: option(sortedStrings, {
    onChange: "replace",
    byDefault: "Docker's",
    write: (opts, { HostConfig }) => {
      HostConfig.SecurityOpt = opts;
    },
    read: ({ container }, wanted = []) => {
      const opts = container.HostConfig.SecurityOpt ?? [];
      return given(opts.filter((opt) => opt !== OWN_SECURITY_OPT || wanted.includes(opt)).sort());
    },
  }),
  runtime: option(v.optional(text), {
    onChange: "replace",
    byDefault: "the engine's",
    leftToEngine: true,
    ...hostField("Runtime"),
  }),
};
