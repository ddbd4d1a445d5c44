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
  const entries: (Omit<WrongEntries, "what"> & { what: string | undefined })[] = [
    { at: here, endpoint: to, tunnel: there.tunnel, what: wrongEntries(here.forwarding, to, there.tunnel) },
    { at: there, endpoint: by, tunnel: here.tunnel, what: wrongEntries(there.forwarding, by, here.tunnel) },
    { at: there, endpoint: to, tunnel: undefined, what: wrongOwnEntries(there.forwarding, to) },
    { at: here, endpoint: by, tunnel: undefined, what: wrongOwnEntries(here.forwarding, by) },
  ];
  return entries.flatMap((one) => {
    const { what } = one;
    return what === undefined || one.at.blind !== undefined ? [] : [{ ...one, what }];
  });
}
