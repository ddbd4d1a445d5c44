/** How many labs can stand side by side: each has a slot of its own, 0 to this less one. */
export const slotCount = 41;

/** The name of the lab that demo and command line use unless told otherwise; it always has slot 0. */
export const defaultLab = "lab";

/** What a lab of this slot calls things on this machine; nothing else on the machine is the lab's. */
export interface LabNames {
  slot: number;
  bridge: string;
  /** The LAN all hosts of the lab are on. */
  subnet: string;
  /** The bridge's address: the hosts' gateway, which leads nowhere, and where the registry listens. */
  gateway: string;
  /**
   * Of the bridge, which without one of its own takes the lowest of its ports': another whenever a host is booted, and the
   * hosts would send what is for the gateway to the old one for up to a minute.
   */
  mac: string;
  registry: string;
  /** Below each control group hierarchy's root; every process of the lab is in there. */
  cgroup: string;
  /** Whether a link of this machine is the lab's. */
  ownsLink(link: string): boolean;
  /** Whether a network namespace (or an nspawn machine) is the lab's. */
  ownsMachine(machine: string): boolean;
}

export interface HostNames {
  number: number;
  /** Host name, and the name of the host's folder: "host1". */
  name: string;
  address: string;
  /** Of its `eth0`: a host keeps it over reboots, or its neighbours would send to the old one for up to a minute. */
  mac: string;
  /** The bridge's end of the host's cable; Linux allows 15 characters. */
  link: string;
  /** The host's network namespace and its nspawn machine. */
  machine: string;
  cgroup: string;
}

export function labNames(slot: number): LabNames {
  const own = `crosshost${slot}`;
  const gateway = `10.77.${slot}.254`;
  return {
    slot,
    bridge: own,
    subnet: `10.77.${slot}.0/24`,
    gateway,
    mac: macOf(slot, 254),
    registry: `${gateway}:5000`,
    cgroup: `crosshost-lab${slot}`,
    ownsLink: (link) => link === own || new RegExp(`^${own}h\\d+$`).test(link),
    ownsMachine: (machine) => new RegExp(`^${own}-host\\d+$`).test(machine),
  };
}

export function hostNames(slot: number, number: number): HostNames {
  const name = `host${number}`;
  const lab = labNames(slot);
  return {
    number,
    name,
    address: `10.77.${slot}.${number}`,
    mac: macOf(slot, number),
    link: `${lab.bridge}h${number}`,
    machine: `${lab.bridge}-${name}`,
    cgroup: `${lab.cgroup}/${name}`,
  };
}

function macOf(slot: number, number: number): string {
  return ["06", "77", hex(slot), "00", hex(number >> 8), hex(number & 255)].join(":");
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** The slot a new lab of this name gets: 0 for the default lab, the lowest free one from 1 for others, if there is one. */
export function chooseSlot(name: string, taken: Iterable<number>): number | undefined {
  if (name === defaultLab) return 0;
  const used = new Set([0, ...taken]);
  for (let slot = 1; slot < slotCount; slot++) if (!used.has(slot)) return slot;
  return undefined;
}
