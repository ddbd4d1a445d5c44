/** What differs between Docker's two drivers that put containers on the LAN of a parent interface. */
export interface LanDriver {
  /** Docker's name. */
  name: "macvlan" | "ipvlan";
  /** The driver's options beside `parent`: which property of ours each is, and what it may be; the first is Docker's default. */
  options: Readonly<Record<string, { property: "mode" | "flag"; values: readonly string[] }>>;
}

/** Source: moby `libnetwork/drivers/macvlan/macvlan_network.go`, `fromOptions`: every other key is passed over. */
export const macvlan: LanDriver = {
  name: "macvlan",
  options: { macvlan_mode: { property: "mode", values: ["bridge", "private", "vepa", "passthru"] } },
};

/** Source: moby `libnetwork/drivers/ipvlan/ipvlan_network.go`. */
export const ipvlan: LanDriver = {
  name: "ipvlan",
  options: {
    ipvlan_mode: { property: "mode", values: ["l2", "l3", "l3s"] },
    ipvlan_flag: { property: "flag", values: ["bridge", "private", "vepa"] },
  },
};
