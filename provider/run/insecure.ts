import type { Connection } from "../ssh/connection";
import { hostId } from "../ssh/hostId";

/** Says once in a run of each host whose key is not checked that it is not. */
export class InsecureHosts {
  private readonly named = new Set<string>();

  constructor(private readonly say: (line: string) => void) {}

  /** Looks at a connection, not all of which need be known yet, and at its proxies. */
  look(connection: unknown): void {
    const { host, port, hostKey, hostKeyPolicy, proxy } = (connection ?? {}) as Partial<Connection>;
    if (hostKeyPolicy === "insecure" && hostKey === undefined && typeof host === "string") this.warn({ host, port });
    if (proxy) this.look(proxy);
  }

  private warn(host: { host: string; port?: number }): void {
    const name = hostId(host);
    if (this.named.has(name)) return;
    this.named.add(name);
    this.say(
      `warning: ${name}: its host key is not checked (hostKeyPolicy "insecure"): whoever is in between can read and change everything, passwords too`,
    );
  }
}
