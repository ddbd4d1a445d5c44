import type { ContainerCreate } from "../../../docker/containerTypes";
import type { StoreKind } from "../../../kv/url";
import type { Made, Server } from "../inputs";
import type { Membership } from "./membership";

/** What the container of a server is made from. */
export interface ServerContainer {
  config: ContainerCreate;
  /**
   * Which servers there are when it first starts, added to its command and its environment. The server keeps that with
   * its data and learns of changes from the others, so a change of this is no reason to make its container anew.
   */
  firstStart: { Cmd?: string[]; Env?: string[] };
}

/** What differs between the kinds of store. */
export interface Kind {
  readonly name: StoreKind;
  /** Its name, for messages. */
  readonly title: string;
  /** How its URLs begin. */
  readonly scheme: string;
  /** The image its servers are made of where none is given. */
  readonly image: string;
  /** What a server listens on for the others, beside the port it is asked at. */
  readonly peerPorts: readonly number[];
  /** What it listens on besides. */
  readonly otherPorts?: readonly number[];
  /** The volumes of one server and where they are in its container; the first has the data. */
  volumes(dataVolume: string): { name: string; path: string }[];
  /** The store as engines name it. */
  url(addresses: readonly string[], port: number): string;
  uiUrl?(address: string, port: number, scheme: "http" | "https"): string;
  /** Why no server can be made of this image; undefined where one can. */
  refuseImage?(image: string): string | undefined;
  /** The user that its image's own entry point runs the server as, where that is not root. */
  readonly user?: string;
  /** Megabytes of memory a server needs beside what its host uses already, where that is much. */
  readonly memory?: number;
  container(inputs: Made, server: Server): ServerContainer;
  /** How servers come and go; undefined where they read the others from their settings, at their start. */
  readonly membership?: Membership;
}
