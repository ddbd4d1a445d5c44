import type { Made, Server } from "./inputs";
import { kinds } from "./kinds";
import type { ServerContainer } from "./kinds/kind";

/** What the container of a server is made from: what its kind wants, and what every server has. */
export function serverContainer(inputs: Made, server: Server): ServerContainer {
  const kind = kinds[inputs.kind];
  const { config, firstStart } = kind.container(inputs, server);
  const environment = Object.entries(inputs.environment ?? {}).map(([name, value]) => `${name}=${value}`);
  // ZooKeeper has no command line; its kind puts what is given there into its settings.
  const Cmd = config.Cmd && [...config.Cmd, ...(inputs.extraArguments ?? [])];
  const Env = [...environment, ...(config.Env ?? [])];
  return {
    config: {
      ...config,
      ...(Cmd ? { Cmd } : {}),
      ...(Env.length > 0 ? { Env } : {}),
      ...(inputs.labels ? { Labels: inputs.labels } : {}),
      HostConfig: {
        ...config.HostConfig,
        NetworkMode: "host",
        RestartPolicy: { Name: "always" },
        Binds: kind.volumes(inputs.dataVolume).map(({ name, path }) => `${name}:${path}`),
      },
    },
    firstStart,
  };
}
