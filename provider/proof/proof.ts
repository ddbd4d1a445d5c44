import type { Task } from "../lifecycle";
import type { Connection } from "../ssh/connection";

/** A container whose endpoints are to be proven. */
export interface Subject {
  /** The host's id. */
  host: string;
  connection: Connection;
  /** The container's id and name. */
  container: string;
  name: string;
  /** Path of its network namespace on the host, where that is known, and the ids of the endpoints in it. */
  sandbox?: { key: string; endpoints: readonly string[] };
  /** Whether a container with these labels was made by the same stack. */
  isOurs(labels: Readonly<Record<string, string>>): boolean;
}

/** A network that it is on. */
export interface NetworkOfProof {
  id: string;
  name: string;
  options: Readonly<Record<string, string>>;
  /** Endpoints in the store, by id, as the engine showed them that was asked first in this run: their containers' names. */
  endpoints: ReadonlyMap<string, string>;
}

/** How the endpoints of one kind of network are proven; both return the ways that are dead, one line each. */
export interface NetworkProof {
  /** Proves, heals, and diagnoses what cannot be healed. */
  prove(subject: Subject, network: NetworkOfProof, task: Task): Promise<string[]>;
  /** Looks, and touches nothing. */
  look(subject: Subject, network: NetworkOfProof, task: Task): Promise<string[]>;
}
