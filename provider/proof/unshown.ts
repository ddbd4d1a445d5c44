import { unlessNotFound } from "../docker/errors";
import type { RunContext } from "../run/context";
import { asking, settleHosts } from "./hostLost";
import type { Mesh } from "./mesh";
import { warnMoved, warnNotBack } from "./notBack";
import { showEndpoints } from "./showEndpoints";
import type { Unshown } from "./survey";

/** Has engines show the endpoints of this stack that they do not: nothing can be proven of what does not show. */
export class UnshownEndpoints {
  private readonly tried = new Set<string>();

  constructor(
    private readonly run: RunContext,
    private readonly mesh: Mesh,
  ) {}

  /** Returns the containers of which that was tried: each once. */
  async show(): Promise<string[]> {
    const fresh = this.mesh.unshownOfOurs().filter(({ container }) => !this.tried.has(container));
    await settleHosts(fresh.map((one) => this.showOne(one)));
    return fresh.map(({ container }) => container);
  }

  private async showOne(one: Unshown): Promise<void> {
    const { host, container, name } = one;
    const { mesh } = this;
    const { connection, docker } = mesh.roster.member(host);
    let isBegun = false;
    const options = {
      only: mesh.network.name,
      onUnshown: (network: string) => {
        isBegun = true;
        this.run.progress(host, healingUnshown(name, network));
      },
      onMoved: (network: string, had: string) => {
        if (!mesh.proving.has(container)) warnMoved(this.run, one, network, had);
      },
    };
    const show = async () => {
      const found = await unlessNotFound(docker.containers.inspect(container));
      if (found) await showEndpoints(docker, found, options);
    };
    try {
      await this.run.engineGate(connection).shared(() => this.run.alone([one], () => asking(host, show)));
      this.tried.add(container);
    } catch (error) {
      if (isBegun) warnNotBack(this.run, one, mesh.network.name);
      throw error;
    } finally {
      mesh.roster.expire(host);
    }
  }
}

/** Who of this stack cannot be proven to be reached, a line for each. */
export function listUnshown(mesh: Mesh): string[] {
  return mesh.unshownOfOurs().map(({ host, name }) => {
    const what = describeUnshown(name, mesh.network.name);
    return `${host}: ${what}, also after it was connected again, and so nothing is proven of it: a known fault of Docker 20.10 after overlays have come and gone, some of whose threads lose the network; restart docker there`;
  });
}

export function describeUnshown(name: string, network: string): string {
  return `its engine does not show the endpoint of ${name} on "${network}"`;
}

export function healingUnshown(name: string, network: string): string {
  return `healing "${network}": its engine does not show the endpoint of ${name}; connecting it again`;
}
