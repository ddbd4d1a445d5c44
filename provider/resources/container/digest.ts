import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import type { ContainerInputs, ContainerState } from "./inputs";

/** The digest by which its registry knows the image of a container, where `pullTriggers` asks for it. */
export async function digestOf(
  docker: DockerApi,
  { pullTriggers, image }: ContainerInputs,
  container: Container,
): Promise<string | undefined> {
  if (pullTriggers === undefined) return undefined;
  const digests = (await unlessNotFound(docker.images.inspect(container.Image)))?.RepoDigests ?? [];
  const known = digests.map((each) => each.split("@") as [string, string]);
  return known.find(([name]) => name === repositoryOf(image))?.[1];
}

/**
 * Where `pullTriggers` asks for it: asks the registry whether the tag has moved since. The image is then shown as the one
 * of the old digest, so that the next `up` makes the container of the new one.
 */
export async function movedImage(docker: DockerApi, state: ContainerState, task: Task): Promise<string | undefined> {
  const { pullTriggers, image, imageDigest, registryAuth, host } = state;
  if (pullTriggers === undefined || imageDigest === undefined || image.includes("@")) return undefined;
  try {
    const now = await docker.images.registryDigest(image, registryAuth);
    return now === imageDigest ? undefined : `${image}@${imageDigest}`;
  } catch (error) {
    // A registry that cannot be asked says nothing about a container that runs.
    if (!(error instanceof CrosshostError)) throw error;
    task.run.progress(host, `whether ${image} has moved is not known: ${error.message.replace(/^host \S+: /, "")}`);
    return undefined;
  }
}

/** As the engine writes it: without tag, and without what stands for Docker Hub. Source: Docker's `reference.FamiliarName`. */
function repositoryOf(image: string): string {
  const [tagged = ""] = image.split("@");
  const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
  const repository = colon < 0 ? tagged : tagged.slice(0, colon);
  return repository.replace(/^(index\.)?docker\.io\//, "").replace(/^library\//, "");
}
