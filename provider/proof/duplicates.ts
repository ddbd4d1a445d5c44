import type { Container } from "../docker/containerTypes";
import { unlessNotFound } from "../docker/errors";
import { endpointElsewhere, sameEndpoint } from "../docker/sameEndpoint";
import type { Endpoint as DockerEndpoint, EndpointConfig } from "../docker/types";
import type { RunContext } from "../run/context";
import { settleAll } from "../settleAll";
import { asking } from "./hostLost";
import type { Mesh } from "./mesh";
import type { Subject } from "./proof";
import type { Endpoint } from "./survey";

/** One of several endpoints that have one address, as its engine shows it. */
interface Holder {
  endpoint: Endpoint;
  container: Container;
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

  /** Returns whether there were some that could be separated: this stack's, each once. */
  async separate(): Promise<boolean> {
    const groups = groupsOf(this.mesh.roster.endpoints).filter((group) => group.every(this.mesh.isOurs));
    const fresh = groups.filter((group) => !this.tried.has(keyOf(group)));
    await settleAll(fresh.map((group) => this.separateGroup(group)));
    return fresh.length > 0;
  }

  private async separateGroup(group: readonly Endpoint[]): Promise<void> {
    this.tried.add(keyOf(group));
    try {
      const found = await settleAll(group.map((endpoint) => this.holderOf(endpoint)));
      const [first, ...others] = found.filter((holder) => holder !== undefined).sort(byPrecedence);
      // What was listed may be no more.
      if (first && others.length > 0) await this.connectAnew(first, others);
    } finally {
      for (const { host } of group) this.mesh.roster.expire(host);
    }
  }

  private async connectAnew(first: Holder, others: readonly Holder[]): Promise<void> {
    const { name, address, host } = first.endpoint;
    for (const { endpoint } of others) {
      const what = `${endpoint.name} got the address of ${name} (${address}, host ${host})`;
      this.run.progress(endpoint.host, `healing "${this.mesh.network.name}": ${what}; connecting it again at another`);
    }
    // All leave before one comes back: who leaves gives the address away that the others have, too.
    const left = await Promise.allSettled([first, ...others].map((holder) => this.leave(holder)));
    const [isFirstOff, ...areOff] = left.map(({ status }) => status === "fulfilled");
    // Whoever left comes back, whatever became of the others.
    const joined = await Promise.allSettled([isFirstOff ? this.joinAtSame(first) : undefined]);
    const off = others.filter((_, i) => areOff[i]);
    const joinedElsewhere = await Promise.allSettled(off.map((holder) => this.joinElsewhere(holder)));
    for (const result of [...left, ...joined, ...joinedElsewhere])
      if (result.status === "rejected") throw result.reason;
  }

  /** A container as it is by now; undefined where it has the endpoint no more. */
  private async holderOf(endpoint: Endpoint): Promise<Holder | undefined> {
    const { docker } = this.mesh.roster.member(endpoint.host);
    const container = await asking(endpoint.host, () => unlessNotFound(docker.containers.inspect(endpoint.container)));
    const endpoints = Object.values(container?.NetworkSettings.Networks ?? {});
    const shown = endpoints.find(({ EndpointID }) => EndpointID === endpoint.id);
    return container && shown && { endpoint, container, shown };
  }

  private async leave({ endpoint: { host, container } }: Holder): Promise<void> {
    const { connection, docker } = this.mesh.roster.member(host);
    const leaving = () => docker.networks.disconnect(this.mesh.network.id, container, { known: true });
    await this.run.engineGate(connection).shared(() => asking(host, leaving));
  }

  /** At the address that it had, unless somebody else took that while it was off. */
  private async joinAtSame(holder: Holder): Promise<void> {
    const { shown, endpoint } = holder;
    try {
      await this.join(holder, sameEndpoint(shown, endpoint.container));
    } catch (error) {
      if (!/Address already in use/.test((error as Error).message)) throw error;
      await this.joinElsewhere(holder);
      const what = `${endpoint.name} has another address than ${endpoint.address}, which was taken meanwhile`;
      this.run.say(`warning: ${endpoint.host}: ${what}; \`pulumi up --refresh\` brings its outputs up to date`);
    }
  }

  private joinElsewhere(holder: Holder): Promise<void> {
    return this.join(holder, endpointElsewhere(holder.shown, holder.endpoint.container));
  }

  private async join({ endpoint: { host, container } }: Holder, config: EndpointConfig): Promise<void> {
    const { connection, docker } = this.mesh.roster.member(host);
    const joining = () => docker.networks.connect(this.mesh.network.id, container, config, { known: true });
    await this.run.engineGate(connection).shared(() => asking(host, joining));
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

/** Who was told to have the address keeps it, and else who was started first. */
function byPrecedence(one: Holder, other: Holder): number {
  const isFixed = ({ shown }: Holder) => shown.IPAMConfig?.IPv4Address === shown.IPAddress;
  if (isFixed(one) !== isFixed(other)) return isFixed(one) ? -1 : 1;
  return Date.parse(one.container.State.StartedAt) - Date.parse(other.container.State.StartedAt);
}
