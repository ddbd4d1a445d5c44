import { isUnknown } from "../../unknown";
import type { Server } from "./inputs";

type Unnumbered = Omit<Server, "id" | "url" | "status">;

/**
 * Gives each server the number it has had, and new ones the next: a number is never another server's, since servers know
 * each other by them.
 */
export function numberServers(servers: readonly Unnumbered[], olds: unknown): (Unnumbered & { id: number })[] {
  const known = Array.isArray(olds) ? (olds as Partial<Server>[]) : [];
  // State of the first version has no numbers: its one server is the first.
  const numbered = known.map((old, i) => ({ ...old, id: old?.id ?? i + 1 }));
  let last = Math.max(0, ...numbered.map(({ id }) => id));
  return servers.map((server) => {
    if (isUnknown(server)) return server as Unnumbered & { id: number };
    const same = numbered.find(({ host, address }) => host === server.host && address === server.address);
    if (!same) last += 1;
    return { ...server, id: same ? same.id : last };
  });
}
