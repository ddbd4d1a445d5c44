import { CrosshostError } from "../errors";
import type { Host } from "../ssh/host";
import { ConsulStore } from "./consul";
import { parseStoreUrl } from "./url";

/** What the resources ask of a key-value store, whichever it is. */
export interface KeyValueStore {
  /** The server that leads the quorum, or undefined while there is none. Fails where the store cannot be asked. */
  leader(): Promise<string | undefined>;
  /** Writes, reads and deletes a key of its own; fails if what comes back is not what was written. */
  probe(): Promise<void>;
  /** What is registered under `docker/nodes/`: one `<ip>:<port>` per engine. */
  nodes(): Promise<string[]>;
  /** Whether Docker keeps a network of this id there. */
  hasNetwork(id: string): Promise<boolean>;
  /** Takes an engine's entry out of `docker/nodes/`. */
  forgetNode(node: string): Promise<void>;
}

/** The store behind a URL as an engine on `host` reaches it: over that host's SSH connection. */
export function openStore(url: string, host: Host): KeyValueStore {
  const parsed = parseStoreUrl(url);
  if (parsed?.kind === "consul") return new ConsulStore(parsed, host);
  throw new CrosshostError(`the store ${url} is not supported: only consul:// is, so far`, { code: "unsupported" });
}
