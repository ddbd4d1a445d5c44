import type { Duplex } from "node:stream";
import { openSocket, openTcp } from "./channels";
import { run, start } from "./command";
import { readFile, removeFile, writeFile } from "./files";
import type { CommandOptions, CommandResult, Host, RemoteFile, RunningCommand } from "./host";
import type { Link } from "./link";

/** A host over one SSH connection; when that is lost, every call fails with `connection-lost`. */
export class LinkedHost implements Host {
  constructor(
    private readonly link: Link,
    readonly user: string,
  ) {}

  get address(): string {
    return this.link.address;
  }

  run(command: readonly string[], options?: CommandOptions): Promise<CommandResult> {
    return run(this.link, command, options);
  }

  start(command: readonly string[]): Promise<RunningCommand> {
    return start(this.link, command);
  }

  readFile(path: string): Promise<RemoteFile | undefined> {
    return readFile(this.link, path);
  }

  writeFile(path: string, content: string | Buffer, options?: { mode?: number }): Promise<void> {
    return writeFile(this.link, path, content, options);
  }

  removeFile(path: string): Promise<void> {
    return removeFile(this.link, path);
  }

  openSocket(path: string): Promise<Duplex> {
    return openSocket(this.link, path);
  }

  openTcp(host: string, port: number): Promise<Duplex> {
    return openTcp(this.link, host, port);
  }
}
