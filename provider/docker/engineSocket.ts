import type { Duplex } from "node:stream";
import { isCode } from "../errors";
import type { Host } from "../ssh/host";
import { commandFails, EngineWasAway, mayNotOpen, nobodyAnswers, notForwarded } from "./noEngine";
import { lookAt } from "./sight";

/** Where engines listen, unless told otherwise. */
export const defaultSocketPath = "/var/run/docker.sock";

/** How requests reach one host's engine: by the forwarded socket, or else by the docker command there. */
export class EngineSocket {
  private way: "forwarded" | "by command" | "by command as root" = "forwarded";
  private finding: Promise<void> | undefined;

  constructor(
    private readonly host: Host,
    readonly path: string,
  ) {}

  /** Whether each channel is a session, of which there are few: none is to be kept for later. */
  get isScarce(): boolean {
    return this.way !== "forwarded";
  }

  /** A new channel; fails with `NoEngine` where the engine cannot be reached at all. */
  async open(isSecondTry = false): Promise<Duplex> {
    if (this.way !== "forwarded") return await this.openByCommand();
    try {
      return await this.host.openSocket(this.path);
    } catch (error) {
      if (!isCode(error, "refused")) throw error;
      // It came up when it was looked at, and went down again.
      if (isSecondTry) throw new EngineWasAway(error);
      this.finding ??= this.findOtherWay(error as Error).finally(() => {
        this.finding = undefined;
      });
      await this.finding;
      return await this.open(true);
    }
  }

  /** What it means that a call has failed with `error`: the docker command there tells no more than that it failed. */
  async explain(error: unknown): Promise<unknown> {
    if (!this.isScarce || !isCode(error, "command-failed")) return error;
    const sight = await lookAt(this.host, this.path);
    if (sight.socket === "missing" || sight.socket === "unserved") return nobodyAnswers(this.path, sight, error);
    // The engine was away just then, and is back: nothing was asked of it.
    if (/failed to open the raw stream connection/.test((error as Error).message)) return new EngineWasAway(error);
    return commandFails(this.path, error as Error);
  }

  private openByCommand(): Promise<Duplex> {
    const command = ["docker", "-H", `unix://${this.path}`, "system", "dial-stdio"];
    return this.host.openCommand(command, { asRoot: this.way === "by command as root" });
  }

  /** Settles on a way around the forwarding that does not work, if there is one. */
  private async findOtherWay(refusal: Error): Promise<void> {
    const sight = await lookAt(this.host, this.path);
    if (sight.socket === "missing" || sight.socket === "unserved") throw nobodyAnswers(this.path, sight, refusal);
    if (sight.socket === "served" && (await this.canBeForwarded())) return;
    if (sight.socket === "denied") {
      await this.host.requireRoot("use the Docker engine").catch((error: Error) => {
        throw isCode(error, "no-permission") ? mayNotOpen(this.host.user, this.path, error) : error;
      });
    }
    if (!sight.hasCommand) throw notForwarded(this.path, refusal);
    this.way = sight.socket === "denied" ? "by command as root" : "by command";
  }

  /** An engine that has just come up was not there for the first try. */
  private async canBeForwarded(): Promise<boolean> {
    try {
      (await this.host.openSocket(this.path)).destroy();
      return true;
    } catch (error) {
      if (isCode(error, "refused")) return false;
      throw error;
    }
  }
}
