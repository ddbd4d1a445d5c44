/** What a server is to its quorum. */
export type Role = "leader" | "follower";

/**
 * One server of a store, spoken to in its kind's own protocol over a host's SSH connection. Keys have no slash at either
 * end. Every call fails with the server's own reason; who asks says of whom and what.
 */
export interface StoreServer {
  /** The server as the host reaches it: `10.77.0.1:8500`. */
  readonly address: string;
  /** The server that leads the quorum, or undefined while there is none. */
  leader(): Promise<string | undefined>;
  /** What this server is to the quorum, or undefined while it belongs to none. */
  role(): Promise<Role | undefined>;
  /** The value of a key, or undefined where there is none. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  /** Changes the value of a key from one to another, at once; answers whether it was that one. */
  replace(key: string, from: string, to: string): Promise<boolean>;
  /** What is gone already is success. */
  delete(key: string): Promise<void>;
  /** The names directly below a key; none where there is no such key. */
  children(key: string): Promise<string[]>;
}
