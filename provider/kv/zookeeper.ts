import { CreateMode, Exception } from "node-zookeeper-client";
import { dial, type Way } from "./dial";
import type { Role, StoreServer } from "./server";
import { type Session, zooKeeperSession } from "./zooKeeperSession";

/** A server of a ZooKeeper ensemble. Every question has a session of its own, since who asks has no end to close one at. */
export class ZooKeeperServer implements StoreServer {
  readonly address: string;

  constructor(private readonly way: Way) {
    this.address = `${way.server}:${way.port}`;
  }

  /** Followers do not say who leads them: where this one only follows, the answer is that one leads. */
  async leader(): Promise<string | undefined> {
    const role = await this.role();
    if (role === undefined) return undefined;
    return role === "leader" ? this.address : `the leader of ${this.address}`;
  }

  async role(): Promise<Role | undefined> {
    const answer = await fourLetterWord(this.way, "srvr");
    const mode = /^Mode: (\w+)$/m.exec(answer)?.[1];
    if (mode === "leader" || mode === "standalone") return "leader";
    return mode === "follower" ? "follower" : undefined;
  }

  async get(key: string): Promise<string | undefined> {
    const found = this.session((session) => session.ask<Buffer | undefined>("getData", `/${key}`));
    return (await unlessNoNode(found))?.toString();
  }

  async set(key: string, value: string): Promise<void> {
    const data = Buffer.from(value);
    await this.session(async (session) => {
      try {
        await session.ask("mkdirp", `/${key}`, data, CreateMode.PERSISTENT);
      } catch (error) {
        if (!isException(error, Exception.NODE_EXISTS)) throw error;
      }
      await session.ask("setData", `/${key}`, data);
    });
  }

  async replace(key: string, from: string, to: string): Promise<boolean> {
    return await this.session(async (session) => {
      try {
        const { data, version } = await session.read(`/${key}`);
        if (data?.toString() !== from) return false;
        await session.ask("setData", `/${key}`, Buffer.from(to), version);
        return true;
      } catch (error) {
        if (isException(error, Exception.NO_NODE) || isException(error, Exception.BAD_VERSION)) return false;
        throw error;
      }
    });
  }

  async delete(key: string): Promise<void> {
    await unlessNoNode(this.session((session) => session.ask("remove", `/${key}`)));
  }

  async children(key: string): Promise<string[]> {
    return (await unlessNoNode(this.session((session) => session.ask<string[]>("getChildren", `/${key}`)))) ?? [];
  }

  private session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return zooKeeperSession(this.way, work);
  }
}

async function unlessNoNode<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isException(error, Exception.NO_NODE)) return undefined;
    throw error;
  }
}

function isException(error: unknown, code: number): boolean {
  return error instanceof Exception && error.getCode() === code;
}

/** Asks one of ZooKeeper's four-letter words: its answer is all that comes until the end. `srvr` is always allowed. */
async function fourLetterWord(way: Way, word: string): Promise<string> {
  const channel = await dial(way);
  try {
    channel.write(word);
    const chunks: Buffer[] = [];
    for await (const chunk of channel) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  } finally {
    channel.destroy();
  }
}
