export { ClusterMember, type ClusterMemberArgs } from "./clusterMember";
export type { AdoptableArgs, CommonArgs, ConnectionArgs, IpamConfigArgs, TimeoutsArgs } from "./connection";
export { Container } from "./container";
export type { ContainerArgs } from "./containerArgs";
export type {
  CapabilitiesArgs,
  ContainerNetworkArgs,
  DeviceArgs,
  HealthcheckArgs,
  HostEntryArgs,
  LabelArgs,
  MountArgs,
  MountVolumeOptionsArgs,
  PortArgs,
  RegistryAuthArgs,
  UlimitArgs,
  UploadArgs,
  VolumeArgs,
} from "./containerOptionArgs";
export { type DockerProviderArgs, type DockerProviderOptions, dockerProviderArgs } from "./dockerProvider";
export { IpvlanNetwork, type IpvlanNetworkArgs } from "./ipvlanNetwork";
export { KVStore, type KVStoreArgs, type KVStoreServerArgs } from "./kvStore";
export type { LanHostArgs, LanIpamConfigArgs, LanNetworkArgs } from "./lan";
export { type MacvlanHostArgs, MacvlanNetwork, type MacvlanNetworkArgs } from "./macvlanNetwork";
export { OverlayNetwork, type OverlayNetworkArgs } from "./overlayNetwork";
export type { StoreTlsArgs } from "./storeTls";
