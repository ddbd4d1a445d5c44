import { openStoreOfEngine } from "../engine/engineStore";
import { isCode } from "../errors";
import { parseStoreUrl } from "../kv/url";
import type { View } from "./abandoned";

/**
 * Of endpoints of a network, by id: the address that the engine advertises which made each of them. Only the store tells;
 * what it does not have, or where it cannot be asked, is left out. Source: libnetwork 19.03, `endpoint.go`, `datastore`.
 */
export async function locatorsOf(views: readonly View[], ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const [first] = views;
  if (!first || ids.length === 0) return new Map();
  const { ClusterStore: url } = await first.docker.engine.info();
  if (!url || !parseStoreUrl(url)) return new Map();
  try {
    const store = await openStoreOfEngine(url, first.reached);
    const found = await Promise.all(
      ids.map(async (id) => [id, locatorIn(await store.endpoint(first.network.Id, id))] as const),
    );
    return new Map(found.flatMap(([id, locator]) => (locator === undefined ? [] : [[id, locator] as const])));
  } catch (error) {
    if (!isCode(error, "unsupported", "not-ready")) throw error;
    return new Map();
  }
}

function locatorIn(endpoint: string | undefined): string | undefined {
  return /"locator":"([\d.]+)"/.exec(endpoint ?? "")?.[1];
}
