import { readStoreTls } from "../../engine/storeTlsFiles";
import { type KeyValueStore, openStore } from "../../kv/store";
import type { Host } from "../../ssh/host";
import type { ClusterMemberInputs } from "./inputs";

type How = Pick<ClusterMemberInputs, "clusterStore" | "clusterStoreOpts" | "tls">;

/** The member's store, asked from its host: with the certificates given, or those on the host that its options name. */
export async function storeOf({ clusterStore, clusterStoreOpts, tls }: How, host: Host): Promise<KeyValueStore> {
  const options = clusterStoreOpts;
  return openStore(clusterStore, host, { options, tls: tls ?? (await readStoreTls(host, options)) });
}
