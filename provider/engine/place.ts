import type { ClusterSettings } from "./clusterSettings";

/** Where an engine's cluster settings are kept for its next start: docker.service's command line, or its settings file. */
export interface SettingsPlace {
  /** Whose settings are there, `<project>/<stack>/<name>`; undefined where there are none of ours. */
  readonly owner: string | undefined;
  /** The settings of ours that are there. */
  readonly settings: Partial<ClusterSettings>;
  /** Whether they were there before us, and stay there when ours go. */
  readonly isAdopted: boolean;
  /** Whether what is there is, to the letter, what `write` would write, and counts. */
  has(owner: string, settings: ClusterSettings): boolean;
  /** Puts settings there; the running engine is not touched. */
  write(owner: string, settings: ClusterSettings): Promise<void>;
  /** Takes ours away and leaves what was there before us; the running engine is not touched. */
  remove(): Promise<void>;
  /** Restarts the engine with these settings there; what was there before comes back where it does not start. */
  restartWith(owner: string, settings: ClusterSettings): Promise<void>;
  /** Restarts the engine with none of ours there; ours come back where it does not start. */
  restartWithout(): Promise<void>;
}
