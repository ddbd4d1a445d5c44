import type { DockerApi } from "../../docker/api";

/** The end of what a container printed, as one line. */
export async function lastWords(docker: DockerApi, container: string): Promise<string> {
  const log = (await docker.containers.logs(container, { tail: 5 })).trim().replaceAll(/\r?\n/g, " | ");
  return `its log ends: ${log || "(empty)"}`;
}
