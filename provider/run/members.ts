/** One engine of a cluster, as its peers know it. */
export interface Member {
  /** The host's id. */
  host: string;
  clusterStore: string;
  /** Its name in the engines' gossip, and in the networks' peers. */
  hostName: string;
  /** Its key in the store. */
  advertisedAddress: string;
}

/** The members of clusters this run has met, in state or on their hosts; two of one cluster may share no name. */
export class Members {
  private readonly byHost = new Map<string, Member>();
  /** URLs that lead to one store. */
  private readonly stores: (readonly string[])[] = [];

  /** Says that these URLs lead to one store, so that whoever has one of them is in one cluster with the others. */
  isOneStore(urls: readonly string[]): void {
    this.stores.push(urls);
  }

  /** Takes note of a member as state has it; what is no member's state is passed over. */
  recorded(state: object): void {
    const { host, clusterStore, hostName, advertisedAddress } = state as Partial<Member>;
    const words = [host, clusterStore, hostName, advertisedAddress];
    if (!words.every((word) => typeof word === "string" && word !== "")) return;
    if (!this.byHost.has(host!)) this.byHost.set(host!, state as Member);
  }

  /** Takes note of a member as it is; answers with the one of its cluster that has its name or address already. */
  enter(member: Member): Member | undefined {
    const others = [...this.byHost.values()].filter(
      ({ host, clusterStore }) => host !== member.host && this.isSame(clusterStore, member.clusterStore),
    );
    const twin = others.find(
      ({ hostName, advertisedAddress }) =>
        hostName === member.hostName || advertisedAddress === member.advertisedAddress,
    );
    if (!twin) this.byHost.set(member.host, member);
    return twin;
  }

  private isSame(one: string, other: string): boolean {
    return one === other || this.stores.some((urls) => urls.includes(one) && urls.includes(other));
  }

  /** Forgets a member that has left. */
  left(host: string): void {
    this.byHost.delete(host);
  }
}
