import { unlessNotFound } from "../docker/errors";
import { endpointElsewhere, sameEndpoint } from "../docker/sameEndpoint";
import type { Endpoint as DockerEndpoint, EndpointConfig } from "../docker/types";
import type { RunContext } from "../run/context";
import { asking, settleHosts } from "./hostLost";
import type { Mesh } from "./mesh";
import { warnMoved, warnNotBack } from "./notBack";
import type { Subject } from "./proof";
import { connectShown } from "./showEndpoints";
import type { Endpoint } from "./survey";

/** One of several endpoints that have one address, as its engine shows it. */
interface Holder {
  endpoint: Endpoint;
  shown: DockerEndpoint;
}

/**
 * Gives containers that have one address addresses of their own. Engines keep in their store which are taken, and one can be
 * given back while somebody has it: a start that fails half way gives its address back, and what it leaves in the store does
 * so again when it is taken away, by when the address may be another container's.
 */
export class Duplicates {
  private readonly tried = new Set<string>();

  constructor(
    private readonly run: RunContext,
    private readonly mesh: Mesh,
  ) {}

  /** Returns the containers that were connected anew, or tried to: this stack's, each group once. */
  async separate(): Promise<string[]> {
    const groups = groupsOf(this.mesh.roster.endpoints).filter((group) => group.every(this.mesh.isOurs));
    const fresh = groups.filter((group) => !this.tried.has(keyOf(group)));
    await settleHosts(fresh.map((group) => this.separateGroup(group)));
    return fresh.flat().map(({ container }) => container);
  }

  private async separateGroup(group: readonly Endpoint[]): Promise<void> {
    this.tried.add(keyOf(group));
    const { run, mesh } = this;
    const connections = group.map(({ host }) => mesh.roster.member(host).connection);
    try {
      await run.sharingEngines(connections, () => run.alone(group, () => this.separateAlone(group)));
    } finally {
      for (const { host } of group) mesh.roster.expire(host);
    }
  }

  private async separateAlone(group: readonly Endpoint[]): Promise<void> {
    const found = await settleHosts(group.map((endpoint) => this.holderOf(endpoint)));
    const [first, ...others] = this.byPrecedence(found.filter((holder) => holder !== undefined));
    // What was listed may be no more.
    if (first && others.length > 0) await this.connectAnew(first, others);
  }

  private async connectAnew(first: Holder, others: readonly Holder[]): Promise<void> {
    const { name, address, host } = first.endpoint;
    for (const { endpoint } of others) {
      const what = `${endpoint.name} got the address of ${name} (${address}, host ${host})`;
      this.run.progress(endpoint.host, `healing "${this.mesh.network.name}": ${what}; connecting it again at another`);
    }
    // All leave before one comes back: who leaves gives the address away that the others have, too.
    const all = [first, ...others];
    const results = await Promise.allSettled(all.map((holder) => this.leave(holder)));
    // Whoever left comes back, whatever became of the others.
    for (const holder of all.filter((_, i) => results[i]!.status === "fulfilled")) {
      const joining = holder === first ? this.joinAtSame(holder) : this.joinElsewhere(holder);
      const [joined] = await Promise.allSettled([joining]);
      if (joined.status === "rejected") warnNotBack(this.run, holder.endpoint, this.mesh.network.name);
      results.push(joined);
    }
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  /** Who is told to have the address keeps it, and else who has had it for longest: who was there before this run. */
  private byPrecedence(holders: readonly Holder[]): Holder[] {
    const isFixed = ({ shown }: Holder) => Number(shown.IPAMConfig?.IPv4Address === shown.IPAddress);
    const turnOf = ({ endpoint }: Holder) => this.mesh.roster.turnOf(endpoint.container);
    return [...holders].sort((one, other) => isFixed(other) - isFixed(one) || turnOf(one) - turnOf(other));
  }

  /** A container as it is by now; undefined where it has the endpoint no more. */
  private async holderOf(endpoint: Endpoint): Promise<Holder | undefined> {
    const { docker } = this.mesh.roster.member(endpoint.host);
    const container = await asking(endpoint.host, () => unlessNotFound(docker.containers.inspect(endpoint.container)));
    const endpoints = Object.values(container?.NetworkSettings.Networks ?? {});
    const shown = endpoints.find(({ EndpointID }) => EndpointID === endpoint.id);
    return shown && { endpoint, shown };
  }

  private async leave({ endpoint: { host, container } }: Holder): Promise<void> {
    const { docker } = this.mesh.roster.member(host);
    await asking(host, () => docker.networks.disconnect(this.mesh.network.id, container, { known: true }));
  }

  /** At the address that it had, unless somebody else took that while it was off. */
  private async joinAtSame(holder: Holder): Promise<void> {
    const { shown, endpoint } = holder;
    try {
      await this.join(holder, sameEndpoint(shown, endpoint.container));
    } catch (error) {
      if (!/Address already in use/.test((error as Error).message)) throw error;
      await this.joinElsewhere(holder);
    }
  }

  private async joinElsewhere(holder: Holder): Promise<void> {
    const { shown, endpoint } = holder;
    await this.join(holder, endpointElsewhere(shown, endpoint.container));
    if (!this.mesh.proving.has(endpoint.container)) {
      warnMoved(this.run, endpoint, this.mesh.network.name, endpoint.address);
    }
  }

  private async join({ endpoint: { host, container } }: Holder, config: EndpointConfig): Promise<void> {
    const { docker } = this.mesh.roster.member(host);
    await asking(host, () => connectShown(docker, this.mesh.network, container, config));
  }
}

/** Who else has the address of a container, a line for each. */
export function describeDuplicates({ network, roster }: Mesh, subject: Subject): string[] {
  return roster
    .duplicatesOf(subject.container)
    .map(
      ({ name, host, address }) =>
        `${subject.host}: "${subject.name}" and ${name} (host ${host}) have the same address ${address} on "${network.name}"; both have to leave the network, and then join it again`,
    );
}

function groupsOf(endpoints: readonly Endpoint[]): Endpoint[][] {
  const byAddress = new Map<string, Endpoint[]>();
  for (const one of endpoints) byAddress.set(one.address, [...(byAddress.get(one.address) ?? []), one]);
  return [...byAddress.values()].filter(({ length }) => length > 1);
}

function keyOf(group: readonly Endpoint[]): string {
  return group
    .map(({ id }) => id)
    .sort()
    .join(" ");
}
