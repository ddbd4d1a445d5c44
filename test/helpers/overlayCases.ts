import type { NetworkCreate } from "../../provider/docker/types";

/** Each option once as a program sets it, once as it changes it, and what the engine is asked for then. */
export const overlayCases: Record<string, [object, object, Partial<NetworkCreate>]> = {
  name: [{ name: "a1" }, { name: "a2" }, { Name: "a1" }],
  "ipamConfigs, subnet": [
    { ipamConfigs: [{ subnet: "10.1.0.9/16" }] },
    { ipamConfigs: [{ subnet: "10.2.0.0/16" }] },
    { IPAM: { Config: [{ Subnet: "10.1.0.0/16" }] } },
  ],
  "ipamConfigs, gateway": [
    { ipamConfigs: [{ subnet: "10.1.0.0/16", gateway: "10.1.0.1" }] },
    { ipamConfigs: [{ subnet: "10.1.0.0/16", gateway: "10.1.0.2" }] },
    { IPAM: { Config: [{ Subnet: "10.1.0.0/16", Gateway: "10.1.0.1" }] } },
  ],
  "ipamConfigs, ipRange": [
    { ipamConfigs: [{ subnet: "10.1.0.0/16", ipRange: "10.1.5.7/24" }] },
    { ipamConfigs: [{ subnet: "10.1.0.0/16", ipRange: "10.1.6.0/24" }] },
    { IPAM: { Config: [{ Subnet: "10.1.0.0/16", IPRange: "10.1.5.0/24" }] } },
  ],
  "ipamConfigs, auxAddress": [
    { ipamConfigs: [{ subnet: "10.1.0.0/16", auxAddress: { b: "10.1.0.3", a: "10.1.0.2" } }] },
    { ipamConfigs: [{ subnet: "10.1.0.0/16", auxAddress: { a: "10.1.0.2" } }] },
    { IPAM: { Config: [{ Subnet: "10.1.0.0/16", AuxiliaryAddresses: { a: "10.1.0.2", b: "10.1.0.3" } }] } },
  ],
  ipamDriver: [
    { ipamDriver: "x" },
    { ipamDriver: "default" },
    { IPAM: { Config: [{ Subnet: "10.200.0.0/24" }], Driver: "x" } },
  ],
  ipamOptions: [
    { ipamOptions: { b: "1", a: "2" } },
    { ipamOptions: { a: "2" } },
    { IPAM: { Config: [{ Subnet: "10.200.0.0/24" }], Options: { a: "2", b: "1" } } },
  ],
  options: [{ options: { b: "1", a: "2" } }, { options: { a: "2" } }, { Options: { a: "2", b: "1" } }],
  labels: [{ labels: { b: "1", a: "2" } }, { labels: {} }, { Labels: { a: "2", b: "1" } }],
  internal: [{ internal: true }, { internal: false }, { Internal: true }],
  attachable: [{ attachable: true }, { attachable: false }, { Attachable: true }],
  mtu: [{ mtu: 1400 }, { mtu: 9000 }, { Options: { "com.docker.network.driver.mtu": "1400" } }],
  vxlanId: [
    { vxlanId: 5000, ipamConfigs: [{ subnet: "10.1.0.0/24" }, { subnet: "10.2.0.0/24" }] },
    { vxlanId: 5001, ipamConfigs: [{ subnet: "10.1.0.0/24" }, { subnet: "10.2.0.0/24" }] },
    { Options: { "com.docker.network.driver.overlay.vxlanid_list": "5000,5001" } },
  ],
};
