/** What VXLAN adds to every packet: the bytes a container's MTU is smaller by. Source: libnetwork `drivers/overlay`. */
export const VXLAN_OVERHEAD = 50;

/** Docker's driver options. Source: libnetwork `netlabel/labels.go`. */
export const MTU_OPTION = "com.docker.network.driver.mtu";
export const VXLAN_ID_OPTION = "com.docker.network.driver.overlay.vxlanid_list";

/** What a packet between hosts may have where no option says otherwise. */
const DEFAULT_MTU = 1500;

/** The bytes that a packet of a container may have on an overlay with these options. */
export function containerMtu(options: Readonly<Record<string, string>>): number {
  return (Number(options[MTU_OPTION]) || DEFAULT_MTU) - VXLAN_OVERHEAD;
}
