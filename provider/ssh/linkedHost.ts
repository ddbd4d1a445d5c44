import type { Duplex } from "node:stream";
import { openSocket, openTcp } from "./channels";
import { openCommand, run, type Shell, start } from "./command";
import { readFile, removeFile, writeFile } from "./files";
import type { CommandOptions, CommandResult, Host, RemoteFile, RootScript, RunningCommand } from "./host";
import type { Link } from "./link";
import { RootAccess } from "./root/rootAccess";

/** A host over one SSH connection; when that is lost, every call fails with `connection-lost`. */
export class LinkedHost implements Host {
  private readonly shell: Shell;

  constructor(
    private readonly link: Link,
    readonly user: string,
    /** What sudo may ask for. */
    password?: string,
  ) {
    this.shell = { link, root: new RootAccess(link, user, password) };
  }

  get address(): string {
    return this.link.address;
  }

  run(command: readonly string[] | RootScript, options?: CommandOptions): Promise<CommandResult> {
    return run(this.shell, command, options);
  }

  start(command: readonly string[] | RootScript): Promise<RunningCommand> {
    return start(this.shell, command);
  }

  requireRoot(attempt: string): Promise<void> {
    return this.shell.root.require(attempt);
  }

  readFile(path: string): Promise<RemoteFile | undefined> {
    return readFile(this.shell, path);
  }

  writeFile(path: string, content: string | Buffer, options?: { mode?: number }): Promise<void> {
    return writeFile(this.shell, path, content, options);
  }

  removeFile(path: string): Promise<void> {
    return removeFile(this.shell, path);
  }

  openCommand(command: readonly string[], options?: { asRoot?: boolean }): Promise<Duplex> {
    return openCommand(this.shell, command, options);
  }

  openSocket(path: string): Promise<Duplex> {
    return openSocket(this.link, path);
  }

  openTcp(host: string, port: number): Promise<Duplex> {
    return openTcp(this.link, host, port);
  }
}
