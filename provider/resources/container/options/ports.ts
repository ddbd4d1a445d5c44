import * as v from "valibot";
import { ipv4, port } from "../../shared/schema";
import { flag, given, hostField, sorted, sortedBy } from "./fields";
import { option } from "./option";

const PROTOCOLS = ["tcp", "udp", "sctp"] as const;

const publishedPort = v.strictObject(
  {
    internal: port,
    external: v.optional(port),
    ip: v.optional(ipv4),
    protocol: v.optional(v.picklist(PROTOCOLS, 'to be "tcp", "udp" or "sctp"'), "tcp"),
  },
  "to be an object such as { internal, external }",
);
type Port = v.InferOutput<typeof publishedPort>;

const keyOf = ({ internal, protocol, ip = "", external = 0 }: Port) =>
  [String(internal).padStart(5, "0"), protocol, ip, String(external).padStart(5, "0")].join("/");

/** What of it is reached at the host's addresses. */
export const portOptions = {
  ports: option(
    v.optional(v.pipe(v.array(publishedPort, "to be a list such as [{ internal, external }]"), sortedBy(keyOf))),
    {
      onChange: "replace",
      byDefault: "none",
      write: (ports, draft) => {
        const { HostConfig } = draft;
        for (const { internal, external, ip = "", protocol } of ports) {
          const inside = `${internal}/${protocol}`;
          const binding = { HostIp: ip, HostPort: external === undefined ? "" : String(external) };
          draft.ExposedPorts = { ...draft.ExposedPorts, [inside]: {} };
          const others = HostConfig.PortBindings?.[inside] ?? [];
          HostConfig.PortBindings = { ...HostConfig.PortBindings, [inside]: [...others, binding] };
        }
      },
      read: ({ container }) => {
        const bindings = Object.entries(container.HostConfig.PortBindings ?? {});
        const ports = bindings.flatMap(([inside, list]) => {
          const [internal, protocol] = inside.split("/");
          return (list ?? []).map(
            ({ HostIp, HostPort }): Port => ({
              internal: Number(internal),
              ...(HostPort && HostPort !== "0" ? { external: Number(HostPort) } : {}),
              ...(HostIp ? { ip: HostIp } : {}),
              protocol: protocol as Port["protocol"],
            }),
          );
        });
        return given(sorted(ports, keyOf));
      },
    },
  ),
  publishAllPorts: option(flag, { onChange: "replace", byDefault: "false", ...hostField("PublishAllPorts") }),
};
