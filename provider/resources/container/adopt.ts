import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import { CrosshostError } from "../../errors";
import { findImage } from "./found";
import type { ContainerInputs } from "./inputs";
import { optionEntries } from "./options";
import { isSame } from "./readBack";

/** Values that may be secret, or long: that they differ is all that is said. */
const UNTOLD = ["envs", "uploads", "logOpts", "mounts"];

/** Fails where a container that is to be taken over differs in what could only be changed by making it anew. */
export async function requireSame(docker: DockerApi, container: Container, inputs: ContainerInputs): Promise<void> {
  const found = await findImage(docker, container);
  const differences = optionEntries.flatMap(([name, { read, write, onChange, leftToEngine }]) => {
    const wanted = inputs[name];
    if (onChange !== "replace" || (wanted === undefined && (leftToEngine || !read))) return [];
    // What is neither written into the payload nor seen in a container concerns what is done when one is made.
    if (!read) return write || name === "uploads" ? [`${name} cannot be compared`] : [];
    const there = read(found, wanted);
    if (isSame(there, wanted)) return [];
    return [UNTOLD.includes(name) ? `${name} differ` : `${name} is ${show(there)}, wanted ${show(wanted)}`];
  });
  const image = differences.findIndex((difference) => difference.startsWith("image is "));
  // One image has many names.
  if (image >= 0 && (await isImage(docker, inputs.image, container.Image))) differences.splice(image, 1);
  if (differences.length === 0) return;
  throw new CrosshostError(
    `host ${inputs.host}: the container "${inputs.name}" cannot be adopted, since it differs from the program: ${differences.join("; ")}`,
    { code: "foreign", hint: "change the program to match it, or remove it" },
  );
}

async function isImage(docker: DockerApi, reference: string, id: string): Promise<boolean> {
  return (await unlessNotFound(docker.images.inspect(reference)))?.Id === id;
}

function show(value: unknown): string {
  return value === undefined ? "not given" : JSON.stringify(value);
}
