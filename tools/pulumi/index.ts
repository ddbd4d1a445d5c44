import { silent } from "../../lab/progress";
import type { EnvironmentOptions } from "./environment";
import { findPulumi } from "./find";

export type { EnvironmentOptions } from "./environment";
export { findPulumi, type Pulumi } from "./find";

/** The environment for whoever runs the CLI by its name alone, `pulumi`. */
export async function pulumiEnvironment(options: EnvironmentOptions): Promise<NodeJS.ProcessEnv> {
  return (await findPulumi(silent)).environment(options);
}
