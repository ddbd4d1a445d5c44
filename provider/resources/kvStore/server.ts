import type { ContainerCreate } from "../../docker/containerTypes";
import { CONSUL_PORT } from "./check";
import type { KVStoreInputs, Server } from "./inputs";

/** Where Consul's image keeps its data. */
const DATA_PATH = "/consul/data";

/** What the server's container is made of. A persistent server: the image's own default keeps everything in memory. */
export function serverContainer(inputs: KVStoreInputs, server: Server): ContainerCreate {
  return {
    Image: inputs.image,
    Hostname: inputs.name,
    Cmd: [
      "agent",
      "-server",
      "-ui",
      `-bootstrap-expect=${inputs.servers.length}`,
      `-bind=${server.address}`,
      `-client=${server.address} 127.0.0.1`,
      `-http-port=${CONSUL_PORT}`,
      // The default is meant for slow machines and takes up to 10 s to elect a first leader.
      "-hcl=performance { raft_multiplier = 1 }",
    ],
    HostConfig: {
      NetworkMode: "host",
      RestartPolicy: { Name: "always" },
      Binds: [`${inputs.dataVolume}:${DATA_PATH}`],
    },
  };
}
