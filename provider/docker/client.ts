import type { Host } from "../ssh/host";
import type { Deadline } from "../wait";
import type { DockerApi } from "./api";
import { Containers } from "./containers";
import { Engine } from "./engine";
import { defaultSocketPath } from "./engineSocket";
import { Images } from "./images";
import { Networks } from "./networks";
import { Requester } from "./requester";
import { Volumes } from "./volumes";

/** The Engine API of one host, over the host's SSH connection. */
export class DockerClient implements DockerApi {
  private static readonly clients = new WeakMap<Host, Map<string, DockerClient>>();

  readonly engine: Engine;
  readonly containers: Containers;
  readonly networks: Networks;
  readonly images: Images;
  readonly volumes: Volumes;

  /** The one client of this host and socket, so that all share its open channels and its agreed API version. */
  static of(host: Host, socketPath = defaultSocketPath): DockerClient {
    const clients = DockerClient.clients.get(host) ?? new Map<string, DockerClient>();
    DockerClient.clients.set(host, clients);
    const client = clients.get(socketPath) ?? new DockerClient(new Requester(host, socketPath));
    clients.set(socketPath, client);
    return client;
  }

  private constructor(private readonly requester: Requester) {
    this.engine = new Engine(requester);
    this.containers = new Containers(requester);
    this.networks = new Networks(requester);
    this.images = new Images(requester);
    this.volumes = new Volumes(requester);
  }

  /** The same engine, asked by somebody who has until this deadline: calls are given up then. */
  within(deadline: Deadline): DockerClient {
    return new DockerClient(this.requester.within(deadline));
  }
}
