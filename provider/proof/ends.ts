import type { Facts } from "./facts";
import { wrongEntries } from "./forwarding";
import type { Way } from "./mesh";

/** The hosts at the ends of a way that do not know the other end, and what is wrong there. */
export function wrongEntriesOf(way: Way, facts: ReadonlyMap<string, Facts>): { host: string; what: string }[] {
  return endsOf(way, facts).flatMap(({ at, other, tunnel }) => {
    const what = at.blind === undefined ? wrongEntries(at.forwarding, other, tunnel) : undefined;
    return what === undefined ? [] : [{ host: at.member.id, what }];
  });
}

/** Each end of a way, with the endpoint at the other and the address of that one's host. */
export function endsOf({ from, by, to }: Way, facts: ReadonlyMap<string, Facts>) {
  return [
    { at: facts.get(from)!, other: to, tunnel: facts.get(to.host)!.tunnel },
    { at: facts.get(to.host)!, other: by, tunnel: facts.get(from)!.tunnel },
  ];
}
