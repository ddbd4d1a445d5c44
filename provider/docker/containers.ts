import type { ContainersApi, ExecOptions, ExecResult, Filter } from "./api";
import { filters, named } from "./call";
import type { Container, ContainerCreate, ContainerSummary, Resources } from "./containerTypes";
import { execIn } from "./exec";
import { separate } from "./frames";
import type { Requester } from "./requester";

export class Containers implements ContainersApi {
  constructor(private readonly requester: Requester) {}

  list(options: Filter & { all?: boolean; network?: string; volume?: string } = {}): Promise<ContainerSummary[]> {
    const { all, ...narrowed } = options;
    return this.requester.json({
      attempt: "list containers",
      method: "GET",
      path: "/containers/json",
      query: { all, filters: filters(narrowed) },
    });
  }

  async inspect(container: string): Promise<Container> {
    const attempt = `inspect container "${container}"`;
    const path = `/containers/${named(container)}/json`;
    const found = await this.requester.json<Container>({ attempt, method: "GET", path });
    return this.requester.exactly(attempt, container, found, found.Name.replace(/^\//, ""));
  }

  create(name: string, config: ContainerCreate): Promise<{ Id: string; Warnings: string[] }> {
    return this.requester.json({
      attempt: `create container "${name}"`,
      method: "POST",
      path: "/containers/create",
      query: { name },
      body: config,
    });
  }

  start(container: string): Promise<void> {
    return this.requester.done({
      attempt: `start container "${container}"`,
      method: "POST",
      path: `/containers/${named(container)}/start`,
    });
  }

  stop(container: string, seconds?: number): Promise<void> {
    return this.requester.done({
      attempt: `stop container "${container}"`,
      method: "POST",
      path: `/containers/${named(container)}/stop`,
      query: { t: seconds },
      // The container may have asked for any time.
      long: true,
    });
  }

  remove(container: string, options: { force?: boolean; volumes?: boolean } = {}): Promise<void> {
    return this.requester.done({
      attempt: `remove container "${container}"`,
      method: "DELETE",
      path: `/containers/${named(container)}`,
      query: { force: options.force, v: options.volumes },
    });
  }

  update(container: string, changes: Resources): Promise<{ Warnings: string[] | null }> {
    return this.requester.json({
      attempt: `update container "${container}"`,
      method: "POST",
      path: `/containers/${named(container)}/update`,
      body: changes,
    });
  }

  rename(container: string, name: string): Promise<void> {
    return this.requester.done({
      attempt: `rename container "${container}" to "${name}"`,
      method: "POST",
      path: `/containers/${named(container)}/rename`,
      query: { name },
    });
  }

  unpause(container: string): Promise<void> {
    return this.requester.done({
      attempt: `unpause container "${container}"`,
      method: "POST",
      path: `/containers/${named(container)}/unpause`,
    });
  }

  putArchive(container: string, archive: Buffer): Promise<void> {
    return this.requester.done({
      attempt: `put files into container "${container}"`,
      method: "PUT",
      path: `/containers/${named(container)}/archive`,
      query: { path: "/" },
      archive,
    });
  }

  getArchive(container: string, path: string): Promise<Buffer> {
    return this.requester.bytes({
      attempt: `read ${path} of container "${container}"`,
      method: "GET",
      path: `/containers/${named(container)}/archive`,
      query: { path },
    });
  }

  async wait(container: string): Promise<number> {
    const { StatusCode } = await this.requester.json<{ StatusCode: number }>({
      attempt: `wait for container "${container}"`,
      method: "POST",
      path: `/containers/${named(container)}/wait`,
      long: true,
    });
    return StatusCode;
  }

  async logs(container: string, options: { tail?: number } = {}): Promise<string> {
    const bytes = await this.requester.bytes({
      attempt: `read the logs of container "${container}"`,
      method: "GET",
      path: `/containers/${named(container)}/logs`,
      query: { stdout: true, stderr: true, tail: options.tail },
    });
    return separate(bytes).both;
  }

  exec(container: string, command: readonly string[], options?: ExecOptions): Promise<ExecResult> {
    return execIn(this.requester, container, command, options);
  }
}
