import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import type { Found } from "./options/option";

/** A container with what its image gives it. */
export async function findImage(docker: DockerApi, container: Container): Promise<Found> {
  const image = await unlessNotFound(docker.images.inspect(container.Image));
  return { container, image: image && (image.Config ?? {}) };
}
