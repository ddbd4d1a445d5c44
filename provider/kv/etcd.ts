import { CrosshostError } from "../errors";
import type { Way } from "./dial";
import { type Answer, HttpApi } from "./httpApi";
import type { Role, StoreServer } from "./server";

/** What is read of etcd's answers. Source: etcd 3.3, Documentation/v2/{api,other_apis,members_api}.md. */
interface Node {
  key: string;
  value?: string;
  nodes?: Node[];
}
interface SelfStats {
  state: string;
  leaderInfo: { leader: string };
}
export interface EtcdMember {
  id: string;
  /** Empty for one that has never started. */
  name: string;
  peerURLs: string[];
  clientURLs: string[];
}

const KEY_NOT_FOUND = 100;
const COMPARE_FAILED = 101;

/** etcd's keys API of version 2, the one that Docker's engines speak. */
export class EtcdServer implements StoreServer {
  readonly address: string;
  private readonly api: HttpApi;

  constructor(way: Way) {
    this.address = `${way.server}:${way.port}`;
    this.api = new HttpApi(way);
  }

  async leader(): Promise<string | undefined> {
    const { leaderInfo } = await this.self();
    if (/^0*$/.test(leaderInfo.leader)) return undefined;
    const leader = (await this.members()).find(({ id }) => id === leaderInfo.leader);
    return leader?.clientURLs[0]?.replace(/^https?:\/\//, "") ?? leaderInfo.leader;
  }

  async role(): Promise<Role | undefined> {
    const { state, leaderInfo } = await this.self();
    if (state === "StateLeader") return "leader";
    return /^0*$/.test(leaderInfo.leader) ? undefined : "follower";
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.node(key))?.value;
  }

  async set(key: string, value: string): Promise<void> {
    await this.keys("PUT", key, { value });
  }

  async replace(key: string, from: string, to: string): Promise<boolean> {
    return (await this.keys("PUT", key, { value: to, prevValue: from })) !== undefined;
  }

  async delete(key: string): Promise<void> {
    await this.keys("DELETE", key);
  }

  async children(key: string): Promise<string[]> {
    const node = await this.node(key);
    return (node?.nodes ?? []).map((below) => below.key.slice(below.key.lastIndexOf("/") + 1));
  }

  async members(): Promise<EtcdMember[]> {
    return (await this.api.json<{ members: EtcdMember[] }>("GET", "/v2/members")).members;
  }

  async addMember(peerUrl: string): Promise<void> {
    await this.api.json("POST", "/v2/members", { peerURLs: [peerUrl] });
  }

  async removeMember(id: string): Promise<void> {
    await this.api.json("DELETE", `/v2/members/${id}`);
  }

  private self(): Promise<SelfStats> {
    return this.api.json("GET", "/v2/stats/self");
  }

  /** Asked of the quorum, not of what this one server happens to know. */
  private async node(key: string): Promise<Node | undefined> {
    return (await this.keys("GET", key, { quorum: "true" }))?.node;
  }

  private async keys(method: string, key: string, form: Record<string, string> = {}) {
    const path = `/v2/keys/${key.split("/").map(encodeURIComponent).join("/")}`;
    const answer = await this.api.ask(method, path, form);
    const body = parse(answer) as { node: Node; errorCode?: number; message?: string; cause?: string } | undefined;
    if (body === undefined && answer.status === 404) throw withoutKeysApi(this.address);
    if (body?.errorCode === KEY_NOT_FOUND || body?.errorCode === COMPARE_FAILED) return undefined;
    if (answer.status < 300 && body) return body;
    throw new Error(body?.message ? `${body.message} (${body.cause})` : `HTTP ${answer.status}: ${answer.body.trim()}`);
  }
}

function parse({ body }: Answer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function withoutKeysApi(address: string): CrosshostError {
  return new CrosshostError(`the etcd at ${address} does not serve the keys API of version 2, the one engines speak`, {
    code: "unsupported",
    hint: "etcd up to 3.3 serves it, 3.4 and 3.5 with `--enable-v2`, 3.6 no longer",
  });
}
