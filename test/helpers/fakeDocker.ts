import { randomBytes } from "node:crypto";
import type {
  ContainersApi,
  DockerApi,
  EngineApi,
  ImagesApi,
  NetworksApi,
  PullProgress,
  VolumesApi,
} from "../../provider/docker/api";
import type { Container, ContainerCreate, HostConfig, Resources } from "../../provider/docker/containerTypes";
import { refusal } from "../../provider/docker/errors";
import { tar } from "../../provider/docker/tar";
import type { EngineInfo, EngineVersion, Image, Network, Volume } from "../../provider/docker/types";
import { endpointOf, FakeNetworks } from "./fakeNetworks";

/** What engines of one cluster share: the networks in their store. */
export type SharedNetworks = Map<string, Network>;

export interface FakeDockerOptions {
  address?: string;
  /** Images on the host. */
  images?: string[];
  /** Images that can be pulled. */
  registry?: string[];
  info?: Partial<EngineInfo>;
  /** Overlay networks, where the engine is in a cluster. */
  shared?: SharedNetworks;
}

const version = "20.10.5";

/**
 * One host's engine, in memory, with the answers of Docker 20.10. `mutations` has every call that changed something or
 * tried to, by the words of its error messages.
 */
export class FakeDocker implements DockerApi {
  readonly address: string;
  readonly mutations: string[] = [];
  readonly containersById = new Map<string, Container>();
  readonly volumesByName = new Map<string, Volume>();
  readonly images: ImagesApi;
  readonly engine: EngineApi;
  readonly networks: NetworksApi & FakeNetworks;
  /** Containers of these images end as soon as they are started, having printed this. */
  readonly shortLived = new Map<string, string>();
  /** With what calls were made that take options, by the words of the call. */
  readonly asked: [call: string, options: unknown][] = [];
  /** Limits that the kernel has no means for. */
  readonly discards: (keyof Resources)[] = [];
  /** What a pull says, each line after what happens before it. */
  readonly pullLines: (PullProgress & { before?(): Promise<void> })[] = [];
  /** What every image gives its containers. */
  readonly imageConfig: NonNullable<Image["Config"]> = {};
  /** What was put into containers, by id. */
  readonly archives = new Map<string, Buffer>();
  /** What each image has, by path. */
  readonly imageFiles = new Map<string, string>();
  /** The digest each image has in the registry. */
  readonly digests = new Map<string, string>();
  readonly info: EngineInfo;
  private readonly imagesHere: Set<string>;
  private readonly interruptions: { call: RegExp; error: Error }[] = [];

  constructor(options: FakeDockerOptions = {}) {
    this.address = options.address ?? "10.77.0.1";
    this.imagesHere = new Set(options.images ?? ["busybox:1.35", "consul:1.8.7"]);
    this.info = {
      ID: this.address,
      Name: this.address,
      ServerVersion: version,
      LiveRestoreEnabled: false,
      ContainersRunning: 0,
      OperatingSystem: "Debian GNU/Linux 11 (bullseye)",
      KernelVersion: "5.10.0",
      Swarm: { LocalNodeState: "inactive" },
      ...options.info,
    };
    this.engine = {
      ping: async () => undefined,
      version: async () =>
        ({ Version: this.info.ServerVersion, ApiVersion: "1.41", MinAPIVersion: "1.12" }) as EngineVersion,
      info: async () => structuredClone(this.info),
      apiVersion: async () => "1.41",
    };
    this.networks = new FakeNetworks(this, options.shared ?? new Map());
    this.images = this.imagesApi(new Set(options.registry ?? []));
  }

  /** Makes the next call of these words fail as when the connection is lost, before it does anything. */
  interrupt(call: RegExp, error: Error = new Error("interrupted")): void {
    this.interruptions.push({ call, error });
  }

  /** Forgets the calls so far. */
  settle(): this {
    this.mutations.length = 0;
    return this;
  }

  refuse(attempt: string, status: number, message: string): Error {
    return refusal(this.address, attempt, status, JSON.stringify({ message }));
  }

  mutate(call: string): void {
    this.failIfInterrupted(call);
    this.mutations.push(call);
  }

  failIfInterrupted(call: string): void {
    const index = this.interruptions.findIndex((interruption) => interruption.call.test(call));
    if (index < 0) return;
    const [interruption] = this.interruptions.splice(index, 1);
    throw interruption!.error;
  }

  /** Takes the limits away that it cannot keep, as engines do: with a warning. */
  private discard(HostConfig: HostConfig): string[] {
    const discarded = this.discards.filter((name) => HostConfig[name]);
    for (const name of discarded) delete HostConfig[name];
    return discarded.map((name) => `Your kernel does not support ${name}. Limitation discarded.`);
  }

  has(reference: string): boolean {
    return [...this.containersById.values()].some(({ Id, Name }) => Id === reference || Name === `/${reference}`);
  }

  private refuseTaken(attempt: string, name: string): void {
    const sameName = [...this.containersById.values()].find(({ Name }) => Name === `/${name}`);
    if (!sameName) return;
    const what = `Conflict. The container name "/${name}" is already in use by container "${sameName.Id}". You have to remove (or rename) that container to be able to reuse that name.`;
    throw this.refuse(attempt, 409, what);
  }

  find(attempt: string, reference: string): Container {
    const found = [...this.containersById.values()].find(
      ({ Id, Name }) => Id === reference || Name === `/${reference}` || Id.startsWith(reference),
    );
    if (!found) throw this.refuse(attempt, 404, `No such container: ${reference}`);
    return found;
  }

  readonly containers: ContainersApi = {
    list: async ({ all = false } = {}) =>
      [...this.containersById.values()]
        .filter(({ State }) => all || State.Running)
        .map((container) => ({
          Id: container.Id,
          Names: [container.Name],
          Image: container.Config.Image,
          ImageID: container.Image,
          Labels: container.Config.Labels ?? {},
          State: container.State.Status,
          Status: "",
          HostConfig: container.HostConfig,
          NetworkSettings: container.NetworkSettings,
        })),

    inspect: async (reference) => {
      this.failIfInterrupted(`inspect container "${reference}"`);
      return structuredClone(this.find(`inspect container "${reference}"`, reference));
    },

    create: async (name, config) => {
      const attempt = `create container "${name}"`;
      this.mutate(attempt);
      this.refuseTaken(attempt, name);
      if (!this.imagesHere.has(config.Image)) throw this.refuse(attempt, 404, `No such image: ${config.Image}`);
      const container = made(name, config);
      this.containersById.set(container.Id, container);
      for (const bind of config.HostConfig?.Binds ?? []) {
        const [volume] = bind.split(":") as [string];
        if (!this.volumesByName.has(volume)) this.volumesByName.set(volume, volumeOf({ Name: volume }));
      }
      return { Id: container.Id, Warnings: this.discard(container.HostConfig) };
    },

    start: async (reference) => {
      const attempt = `start container "${reference}"`;
      this.mutate(attempt);
      const container = this.find(attempt, reference);
      if (container.State.Running) return;
      for (const name of Object.keys(container.NetworkSettings.Networks)) {
        if (this.networks.lookUp(name)) continue;
        throw this.refuse(attempt, 404, `network ${name} not found`);
      }
      for (const name of Object.keys(container.NetworkSettings.Networks)) this.networks.attach(name, container);
      const isShortLived = this.shortLived.has(container.Config.Image);
      container.State = { ...stateOf(isShortLived ? "exited" : "running"), StartedAt: "2026-01-01T00:00:00Z" };
      if (isShortLived) container.State.ExitCode = 1;
    },

    stop: async (reference, seconds) => {
      const attempt = `stop container "${reference}"`;
      this.mutate(attempt);
      this.asked.push(["stop", seconds]);
      const container = this.find(attempt, reference);
      container.State = { ...stateOf("exited"), StartedAt: container.State.StartedAt };
      this.networks.detach(container.Id);
    },

    remove: async (reference, options = {}) => {
      const { force = false } = options;
      const attempt = `remove container "${reference}"`;
      this.mutate(attempt);
      this.asked.push(["remove", options]);
      const container = this.find(attempt, reference);
      if (container.State.Running && !force) {
        const what = `You cannot remove a running container ${container.Id}. Stop the container before attempting removal or force remove`;
        throw this.refuse(attempt, 409, what);
      }
      this.containersById.delete(container.Id);
      this.networks.detach(container.Id);
    },

    update: async (reference, changes) => {
      const attempt = `update container "${reference}"`;
      this.mutate(attempt);
      const { HostConfig } = this.find(attempt, reference);
      Object.assign(HostConfig, changes);
      return { Warnings: this.discard(HostConfig) };
    },

    rename: async (reference, name) => {
      const attempt = `rename container "${reference}" to "${name}"`;
      this.mutate(attempt);
      const container = this.find(attempt, reference);
      this.refuseTaken(attempt, name);
      container.Name = `/${name}`;
    },

    unpause: async (reference) => {
      const attempt = `unpause container "${reference}"`;
      this.mutate(attempt);
      this.find(attempt, reference).State.Paused = false;
    },

    putArchive: async (reference, archive) => {
      const attempt = `put files into container "${reference}"`;
      this.mutate(attempt);
      this.archives.set(this.find(attempt, reference).Id, archive);
    },

    getArchive: async (reference, path) => {
      const attempt = `read ${path} of container "${reference}"`;
      this.find(attempt, reference);
      const content = this.imageFiles.get(path);
      if (content === undefined) throw this.refuse(attempt, 404, `Could not find the file ${path} in container`);
      return tar([{ path, content: Buffer.from(content), mode: 0o644 }]);
    },

    wait: async (reference) => this.find(`wait for container "${reference}"`, reference).State.ExitCode,

    logs: async (reference) => {
      const { Config } = this.find(`read the logs of container "${reference}"`, reference);
      return this.shortLived.get(Config.Image) ?? "";
    },

    exec: async () => ({ stdout: "", stderr: "", exitCode: 0 }),
  };

  readonly volumes: VolumesApi = {
    list: async ({ label = [] } = {}) =>
      [...this.volumesByName.values()].filter(({ Labels }) => label.every((wanted) => hasLabel(Labels ?? {}, wanted))),
    inspect: async (name) => {
      const found = this.volumesByName.get(name);
      if (!found) throw this.refuse(`inspect volume "${name}"`, 404, `get ${name}: no such volume`);
      return structuredClone(found);
    },
    create: async (volume) => {
      this.mutate(`create volume "${volume.Name}"`);
      const existing = this.volumesByName.get(volume.Name);
      if (existing) return existing;
      const created = volumeOf(volume);
      this.volumesByName.set(volume.Name, created);
      return created;
    },
    remove: async (name) => {
      const attempt = `remove volume "${name}"`;
      this.mutate(attempt);
      const user = [...this.containersById.values()].find(({ HostConfig }) =>
        HostConfig.Binds?.some((bind) => bind.startsWith(`${name}:`)),
      );
      if (user) throw this.refuse(attempt, 409, `remove ${name}: volume is in use - [${user.Id}]`);
      if (!this.volumesByName.delete(name)) throw this.refuse(attempt, 404, `get ${name}: no such volume`);
    },
  };

  private imagesApi(registry: ReadonlySet<string>): ImagesApi {
    return {
      inspect: async (reference) => {
        const image = reference.replace(/^sha256:/, "");
        if (!this.imagesHere.has(image)) {
          throw this.refuse(`inspect image "${image}"`, 404, `No such image: ${image}`);
        }
        return {
          Id: `sha256:${image}`,
          RepoTags: [image],
          RepoDigests: [`${image.split(":")[0]}@${this.digests.get(image)}`],
          Created: "",
          Os: "linux",
          Architecture: "amd64",
          Size: 1,
          Config: structuredClone(this.imageConfig),
        };
      },
      registryDigest: async (image) => {
        this.failIfInterrupted(`ask for the digest of image "${image}"`);
        return this.digests.get(image) ?? "";
      },
      pull: async (image, { auth, onProgress } = {}) => {
        const attempt = `pull image "${image}"`;
        this.mutate(attempt);
        this.asked.push(["pull", auth]);
        for (const line of this.pullLines) {
          await line.before?.();
          onProgress?.(line);
        }
        if (!registry.has(image)) throw this.refuse(attempt, 404, `manifest for ${image} not found`);
        this.imagesHere.add(image);
      },
    };
  }
}

function made(name: string, config: ContainerCreate): Container {
  const { HostConfig = {}, NetworkingConfig, ...Config } = structuredClone(config);
  const network = HostConfig.NetworkMode ?? "bridge";
  const wanted = NetworkingConfig?.EndpointsConfig?.[network] ?? {};
  return {
    Id: randomBytes(32).toString("hex"),
    Name: `/${name}`,
    Created: "",
    Image: `sha256:${config.Image}`,
    RestartCount: 0,
    State: stateOf("created"),
    Config,
    HostConfig: { ...HostConfig, NetworkMode: network },
    NetworkSettings: { SandboxID: "", SandboxKey: "", Networks: { [network]: endpointOf(wanted) } },
  };
}

function stateOf(Status: Container["State"]["Status"]): Container["State"] {
  const Running = Status === "running";
  return {
    Status,
    Running,
    Paused: false,
    Restarting: false,
    Pid: Running ? 1000 : 0,
    ExitCode: 0,
    Error: "",
    StartedAt: "0001-01-01T00:00:00Z",
    FinishedAt: "",
  };
}

function volumeOf({ Name, Labels = {} }: { Name: string; Labels?: Record<string, string> }): Volume {
  return { Name, Driver: "local", Mountpoint: "", Scope: "local", Labels, Options: null };
}

/** Whether labels have one of `key` or `key=value`. */
function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const [, key = wanted, value] = /^([^=]*)=(.*)$/s.exec(wanted) ?? [];
  return Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
}
