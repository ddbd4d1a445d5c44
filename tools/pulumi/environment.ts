import { delimiter, dirname } from "node:path";

export interface EnvironmentOptions {
  /** A folder that holds the stacks' state. */
  backendDir: string;
  /** A folder that takes the place of ~/.pulumi. */
  home: string;
  /** Encrypts the secrets in the state. */
  passphrase: string;
}

/** The environment of a CLI that keeps to itself: state in files, nothing downloaded, its programs found in `folders`. */
export function environment(folders: string[], options: EnvironmentOptions): NodeJS.ProcessEnv {
  // The dynamic provider's plugin is a script in Pulumi's npm package.
  const plugin = dirname(require.resolve("@pulumi/pulumi/package.json"));
  return {
    ...process.env,
    PATH: [...folders, process.env.PATH, plugin].filter(Boolean).join(delimiter),
    PULUMI_BACKEND_URL: `file://${options.backendDir}`,
    PULUMI_HOME: options.home,
    PULUMI_CONFIG_PASSPHRASE: options.passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
