import type { RunContext } from "../run/context";
import { settleAll } from "../settleAll";
import type { WrongEntries } from "./ends";
import { astray, extensible } from "./forwarding";
import { asking } from "./hostLost";
import type { Mesh } from "./mesh";
import { correction } from "./scripts";
import type { Member } from "./survey";

/** How often entries for an endpoint are put right on a host: what engines still tell each other can make them wrong again. */
const TIMES = 3;

/** Puts entries right, one by one, in namespaces that are fine otherwise. */
export class Corrections {
  private readonly done = new Map<string, number>();

  constructor(
    private readonly run: RunContext,
    private readonly mesh: Mesh,
  ) {}

  /** Those that lead elsewhere; entries that are missing may come yet. */
  makeStale(wrong: readonly WrongEntries[]): Promise<boolean> {
    return this.make(wrong.filter(leadsAstray));
  }

  /** Returns whether there was something that could be put right. */
  async make(wrong: readonly WrongEntries[]): Promise<boolean> {
    const distinct = new Map(wrong.map((one) => [keyOf(one), one]));
    const byHost = new Map<Member, string[]>();
    for (const [key, one] of distinct) {
      const entry = this.correctionOf(key, one);
      const { member } = one.at;
      if (entry) byHost.set(member, [...(byHost.get(member) ?? []), ...entry]);
    }
    await settleAll([...byHost].map(([member, entries]) => this.correct(member, entries)));
    return byHost.size > 0;
  }

  /** As the script takes it; undefined where nothing can be done, or not again. */
  private correctionOf(key: string, wrong: WrongEntries): string[] | undefined {
    const device = this.deviceOf(wrong);
    const times = this.done.get(key) ?? 0;
    if (device === undefined || times >= TIMES) return undefined;
    this.done.set(key, times + 1);
    const { at, endpoint, tunnel = "", what } = wrong;
    const { name } = this.mesh.network;
    this.run.progress(at.member.id, `healing "${name}": its engine ${what}; putting that entry right`);
    return [device, endpoint.macAddress, endpoint.address, tunnel];
  }

  private async correct({ id, host }: Member, entries: readonly string[]): Promise<void> {
    const args = [this.mesh.network.id, ...entries];
    await asking(id, () => host.run({ name: "put forwarding entries right", text: correction, args }));
  }

  private deviceOf({ at, endpoint, tunnel }: WrongEntries): string | undefined {
    const others = this.mesh.roster.endpoints.filter(({ id, host }) => id !== endpoint.id && host !== at.member.id);
    return astray(at.forwarding, endpoint, tunnel) ?? extensible(at.forwarding, endpoint, others);
  }
}

/** Whether what is wrong is an entry that leads elsewhere, and not one that is missing. */
export function leadsAstray({ at, endpoint, tunnel }: WrongEntries): boolean {
  return astray(at.forwarding, endpoint, tunnel) !== undefined;
}

function keyOf({ at, endpoint, tunnel = "" }: WrongEntries): string {
  return `${at.member.id} ${endpoint.id} ${tunnel}`;
}
