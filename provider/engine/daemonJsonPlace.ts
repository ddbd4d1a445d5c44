import { posix } from "node:path";
import type { Host } from "../ssh/host";
import { restartWithChange, staged } from "./change";
import { areSame, type ClusterSettings, isEmpty } from "./clusterSettings";
import { type DaemonJson, type MemberRecord, recordOf } from "./daemonJson";
import type { SettingsPlace } from "./place";
import { isBlank, readSettings, withoutSettings, withSettings } from "./settingsFile";

/** The engine's settings file, daemon.json. */
export class DaemonJsonPlace implements SettingsPlace {
  private text: string | undefined;
  private record: MemberRecord | undefined;

  constructor(
    private readonly host: Host,
    private readonly file: DaemonJson,
  ) {
    this.text = file.text;
    this.record = file.record;
  }

  get owner(): string | undefined {
    return this.record?.owner;
  }

  get isAdopted(): boolean {
    return this.record?.adopted ?? false;
  }

  get settings(): Partial<ClusterSettings> {
    return this.record ? this.present : {};
  }

  has(owner: string, settings: ClusterSettings): boolean {
    return this.record?.owner === owner && areSame(this.present, settings);
  }

  /** The cluster settings that are in the file, whoever made them. */
  private get present(): Partial<ClusterSettings> {
    const found = readSettings(this.text ?? "");
    return "malformed" in found ? {} : found;
  }

  async write(owner: string, settings: ClusterSettings): Promise<void> {
    if (this.has(owner, settings)) return;
    const next = await this.begin(owner, settings);
    if (next !== this.text) await this.host.writeFile(this.file.path, next);
    this.text = next;
  }

  async remove(): Promise<void> {
    if (!this.record) return;
    const before = this.beforeUs();
    if (before === undefined) await this.host.removeFile(this.file.path);
    else if (before !== this.text) await this.host.writeFile(this.file.path, before);
    await this.forget(before);
  }

  async restartWith(owner: string, settings: ClusterSettings): Promise<void> {
    const recorded = this.record;
    const next = await this.begin(owner, settings);
    await this.stage(next);
    try {
      await restartWithChange(this.host, this.file.path, "put", `these settings in ${this.file.path}`);
    } catch (error) {
      if (recorded) await this.writeRecord(recorded);
      else await this.forget(this.text);
      throw error;
    }
    this.text = next;
  }

  async restartWithout(): Promise<void> {
    const { path } = this.file;
    if (!this.record) return await restartWithChange(this.host, path, "keep", "its own settings");
    const before = this.beforeUs();
    if (before !== undefined) await this.stage(before);
    await restartWithChange(this.host, path, before === undefined ? "take" : "put", "its own settings");
    await this.forget(before);
  }

  /** Writes down what is there before it is changed. Returns what is to be there. */
  private async begin(owner: string, settings: ClusterSettings): Promise<string> {
    const { host, file, text } = this;
    const adopted = this.record?.adopted ?? !isEmpty(this.present);
    const original = adopted ? (this.record?.original ?? text) : this.beforeUs();
    const written = withSettings((adopted ? text : original) ?? "", settings);
    const folderIsOurs = this.record?.folderIsOurs ?? !file.folderExists;
    const folder = posix.dirname(file.path);
    if (!file.folderExists) await host.run(["mkdir", "-p", "-m", "755", folder], { asRoot: true });
    await this.writeRecord({ owner, original: original ?? null, written, adopted, folderIsOurs });
    return written;
  }

  /** Lays the file's next content beside it, with its mode and owner. */
  private async stage(text: string): Promise<void> {
    const { path, mode } = this.file;
    await this.host.writeFile(staged(path), text, { mode });
    if (this.text === undefined) return;
    await this.host.run(["chown", `--reference=${path}`, "--", staged(path)], { asRoot: true });
  }

  private async writeRecord(record: MemberRecord): Promise<void> {
    const text = `${JSON.stringify(record, null, 2)}\n`;
    await this.host.writeFile(recordOf(this.file.path), text, { mode: this.file.mode ?? 0o644 });
    this.record = record;
  }

  /** The file's text without us: to the letter what it was, where nobody else has changed it. */
  private beforeUs(): string | undefined {
    const { record, text } = this;
    if (!record || text === undefined) return text;
    if (text === record.written) return record.original ?? undefined;
    if (record.adopted) return text;
    const rest = withoutSettings(text);
    return record.original === null && isBlank(rest) ? undefined : rest;
  }

  private async forget(text: string | undefined): Promise<void> {
    const folderIsOurs = this.record?.folderIsOurs;
    await this.host.removeFile(recordOf(this.file.path));
    if (folderIsOurs) {
      const folder = posix.dirname(this.file.path);
      await this.host.run(["rmdir", "--ignore-fail-on-non-empty", folder], { asRoot: true });
    }
    this.record = undefined;
    this.text = text;
  }
}
