/** A LAN that is not the lab's own. */
export const config = (changed: object = {}) => ({
  ipamConfigs: [{ subnet: "10.98.0.0/24", gateway: "10.98.0.254", ipRange: "10.98.0.64/26", ...changed }],
});
const block = { Subnet: "10.98.0.0/24", Gateway: "10.98.0.254", IPRange: "10.98.0.64/28" };

export const shownByDefault = { Internal: false, EnableIPv6: false, labels: [], IPAM: [block] };

const six = { subnet: "fd00:98::/64", gateway: "fd00:98::fe" };
/** What changes, the arguments that do it, and what Docker shows then of what differs from the default. */
export const changes: [string, object, object][] = [
  ["another subnet", {}, {}],
  ["labels", { labels: { team: "net" } }, { labels: ["team"] }],
  ["other labels", { labels: { floor: "2" } }, { labels: ["floor"] }],
  ["`internal`", { internal: true }, { Internal: true }],
  ["another gateway", config({ gateway: "10.98.0.1" }), { IPAM: [{ ...block, Gateway: "10.98.0.1" }] }],
  ["another range", config({ ipRange: "10.98.0.128/25" }), { IPAM: [{ ...block, IPRange: "10.98.0.128/27" }] }],
  [
    "an address reserved in its block",
    {
      ...config({ auxAddress: { printer: "10.98.0.33" } }),
      hosts: [{ parent: "lan9", ipRange: "10.98.0.32/28" }],
    },
    { IPAM: [{ ...block, IPRange: "10.98.0.32/28", AuxiliaryAddresses: { printer: "10.98.0.33" } }] },
  ],
  [
    "a block of the program's choice",
    { hosts: [{ parent: "lan9", ipRange: "10.98.0.32/29" }] },
    { IPAM: [{ ...block, IPRange: "10.98.0.32/29" }] },
  ],
  [
    "IPv6 beside IPv4",
    { ipamConfigs: [...config().ipamConfigs, six] },
    {
      EnableIPv6: true,
      IPAM: [block, { Subnet: six.subnet, Gateway: six.gateway, IPRange: "fd00:98:0:0:4000::/66" }],
    },
  ],
  [
    "an IPv6 block of the program's choice",
    {
      ipamConfigs: [...config().ipamConfigs, six],
      hosts: [{ parent: "lan9", ipv6Range: "fd00:98:0:0:8000::/80" }],
    },
    {
      EnableIPv6: true,
      IPAM: [block, { Subnet: six.subnet, Gateway: six.gateway, IPRange: "fd00:98:0:0:8000::/80" }],
    },
  ],
];
