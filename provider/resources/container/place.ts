import type { DockerApi } from "../../docker/api";
import type { Host } from "../../ssh/host";

/** The host a container is on, its engine, and what that speaks. */
export interface Place {
  host: Host;
  docker: DockerApi;
  apiVersion: string;
}
