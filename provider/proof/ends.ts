import type { Entries } from "./facts";
import { wrongEntries, wrongOwnEntries } from "./forwarding";
import type { Endpoint } from "./survey";
import type { Way } from "./ways";

/** Entries for an endpoint in a host's namespace of the network that lead nowhere, or elsewhere. */
export interface WrongEntries {
  /** The host that has them. */
  at: Entries;
  endpoint: Endpoint;
  /** Where they should lead: the address that the endpoint's engine advertises; undefined where there should be none. */
  tunnel: string | undefined;
  what: string;
}

/** What the hosts at the ends of a way have wrong of the endpoints there: of the other end's, and of their own. */
export function wrongEntriesOf({ from, by, to }: Way, facts: ReadonlyMap<string, Entries>): WrongEntries[] {
  const [here, there] = [facts.get(from)!, facts.get(to.host)!];
  return [
    ...wrongEntriesFor(to, here, there.tunnel),
    ...wrongEntriesFor(by, there, here.tunnel),
    ...wrongEntriesFor(to, there, there.tunnel),
    ...wrongEntriesFor(by, here, here.tunnel),
  ];
}

/** What a host has wrong of an endpoint whose engine advertises `home`. */
export function wrongEntriesFor(endpoint: Endpoint, at: Entries, home: string): WrongEntries[] {
  if (at.blind !== undefined) return [];
  const tunnel = at.member.id === endpoint.host ? undefined : home;
  const { forwarding } = at;
  const what =
    tunnel === undefined ? wrongOwnEntries(forwarding, endpoint) : wrongEntries(forwarding, endpoint, tunnel);
  return what === undefined ? [] : [{ at, endpoint, tunnel, what }];
}
