import { isCode } from "../errors";
import { type KeyValueStore, openStore, type StoreAccess } from "../kv/store";
import type { Host } from "../ssh/host";
import { readDaemonJson } from "./daemonJson";
import { readDockerService } from "./dockerService";
import { readStoreTls } from "./storeTlsFiles";

/** The store that a host's engine has, asked as the engine asks it: where its settings say, and with its certificates. */
export async function openStoreOfEngine(url: string, host: Host): Promise<KeyValueStore> {
  return openStore(url, host, await accessOf(host));
}

/** An engine that is set up in a way of its own, or whose certificates may not be read, is taken for one without options. */
async function accessOf(host: Host): Promise<StoreAccess> {
  try {
    const { foreignSettings, dropIn, configFile } = await readDockerService(host);
    const settings = dropIn?.settings.clusterStore ? dropIn.settings : foreignSettings;
    const { clusterStoreOpts } = settings.clusterStore ? settings : (await readDaemonJson(host, configFile)).settings;
    return { options: clusterStoreOpts, tls: await readStoreTls(host, clusterStoreOpts) };
  } catch (error) {
    if (isCode(error, "docker-not-there", "unsupported", "no-permission")) return {};
    throw error;
  }
}
