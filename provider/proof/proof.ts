import type { Endpoint as DockerEndpoint } from "../docker/types";
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
  /** What its engine showed of it once it had joined: the path of its network namespace, and its endpoints by network name. */
  shown?: {
    sandboxKey: string;
    labels: Readonly<Record<string, string>>;
    endpoints: Readonly<Record<string, DockerEndpoint>>;
  };
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
