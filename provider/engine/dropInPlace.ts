import type { Host } from "../ssh/host";
import { restartWithChange, staged } from "./change";
import { type ClusterSettings, flagsOf } from "./clusterSettings";
import type { DockerService } from "./dockerService";
import { DROP_IN, DROP_IN_FOLDER, type DropIn, dropInText, FOLDER_IN_THE_MAKING, readDropIn } from "./dropIn";
import type { SettingsPlace } from "./place";
import { daemonReload } from "./systemd";

/** The command line of docker.service, by a drop-in. */
export class DropInPlace implements SettingsPlace {
  private dropIn: DropIn | undefined;

  constructor(
    private readonly host: Host,
    private readonly service: Pick<DockerService, "execStart" | "overriddenBy" | "dropIn">,
    /** Whether the folder is known to have come with a drop-in of ours, which may have been taken out of it since. */
    private readonly ownedFolder = false,
  ) {
    this.dropIn = service.dropIn;
  }

  /** Flags that were there before stand in the unit itself, which the drop-in repeats. */
  readonly isAdopted = false;

  /** Whether the drop-in's folder came with it. */
  get ownsFolder(): boolean {
    return this.dropIn?.folderIsOurs ?? this.ownedFolder;
  }

  get owner(): string | undefined {
    return this.dropIn?.owner;
  }

  get settings(): Partial<ClusterSettings> {
    return this.dropIn?.settings ?? {};
  }

  has(owner: string, settings: ClusterSettings): boolean {
    if (!this.dropIn || this.service.overriddenBy !== undefined) return false;
    return this.dropIn.text.trim() === this.textFor(owner, settings, this.dropIn.folderIsOurs).trim();
  }

  async write(owner: string, settings: ClusterSettings): Promise<void> {
    if (this.has(owner, settings)) return;
    await this.lay(DROP_IN, owner, settings);
    await daemonReload(this.host);
  }

  async remove(): Promise<void> {
    if (!this.dropIn) return await this.removeFolder();
    await this.host.removeFile(DROP_IN);
    await this.removeFolder();
    await daemonReload(this.host);
    this.dropIn = undefined;
  }

  async restartWith(owner: string, settings: ClusterSettings): Promise<void> {
    const before = this.dropIn;
    await this.lay(staged(DROP_IN), owner, settings);
    try {
      await restartWithChange(this.host, DROP_IN, "put", flagsOf(settings).join(" "));
    } catch (error) {
      if (!before) await this.removeFolder();
      this.dropIn = before;
      throw error;
    }
  }

  async restartWithout(): Promise<void> {
    const change = this.dropIn ? "take" : "keep";
    await restartWithChange(this.host, DROP_IN, change, "its own settings");
    await this.removeFolder();
    this.dropIn = undefined;
  }

  /** Writes the drop-in's text to a file in its folder, which comes into being together with it. */
  private async lay(file: string, owner: string, settings: ClusterSettings): Promise<void> {
    const { host } = this;
    const folderExists = await this.folderExists();
    const text = this.textFor(owner, settings, this.dropIn?.folderIsOurs ?? (this.ownedFolder || !folderExists));
    if (folderExists) {
      await host.writeFile(file, text);
    } else {
      await host.run(["rm", "-rf", FOLDER_IN_THE_MAKING], { asRoot: true });
      await host.run(["mkdir", "-p", "-m", "755", FOLDER_IN_THE_MAKING], { asRoot: true });
      await host.writeFile(file.replace(DROP_IN_FOLDER, FOLDER_IN_THE_MAKING), text);
      await host.run(["mv", "-T", FOLDER_IN_THE_MAKING, DROP_IN_FOLDER], { asRoot: true });
    }
    this.dropIn = readDropIn(text);
  }

  private textFor(owner: string, settings: ClusterSettings, folderIsOurs: boolean): string {
    return dropInText({ owner, execStart: this.service.execStart, settings, folderIsOurs });
  }

  private async folderExists(): Promise<boolean> {
    return (await this.host.run(["test", "-d", DROP_IN_FOLDER], { allowedExitCodes: [0, 1] })).exitCode === 0;
  }

  private async removeFolder(): Promise<void> {
    if (!this.ownsFolder || !(await this.folderExists())) return;
    await this.host.run(["rmdir", "--ignore-fail-on-non-empty", DROP_IN_FOLDER], { asRoot: true });
  }
}

/** Restarts the engine as it is set up. Needs root. */
export async function restartEngine(host: Host): Promise<void> {
  await restartWithChange(host, DROP_IN, "keep", "its own settings");
}
