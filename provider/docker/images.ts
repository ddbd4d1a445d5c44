import { jsonLines } from "./answer";
import type { ImagesApi, PullProgress } from "./api";
import { named } from "./call";
import type { Requester } from "./requester";
import type { Image } from "./types";

export class Images implements ImagesApi {
  constructor(private readonly requester: Requester) {}

  inspect(image: string): Promise<Image> {
    return this.requester.json({
      attempt: `inspect image "${image}"`,
      method: "GET",
      path: `/images/${named(image)}/json`,
    });
  }

  async pull(image: string, onProgress: (progress: PullProgress) => void = () => undefined): Promise<void> {
    const attempt = `pull image "${image}"`;
    const { name, tag } = splitReference(image);
    await this.requester.stream(
      // Nothing comes while a large layer is unpacked.
      { attempt, method: "POST", path: "/images/create", query: { fromImage: name, tag }, long: true },
      async (answer) => {
        for await (const line of jsonLines<PullProgress & { error?: string }>(answer)) {
          // The status was sent long before: a failure comes as a line among the others.
          if (line.error) throw this.requester.refusal(attempt, pullStatus(line.error), line.error);
          onProgress(line);
        }
      },
    );
  }
}

/** Without a tag the engine would pull every tag there is; a digest says more than a tag beside it. */
export function splitReference(image: string): { name: string; tag: string } {
  const [tagged = "", digest] = image.split("@");
  // A colon before the last slash is a registry's port.
  const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
  const [name, tag] = colon < 0 ? [tagged, "latest"] : [tagged.slice(0, colon), tagged.slice(colon + 1)];
  return { name, tag: digest ?? tag };
}

function pullStatus(reason: string): number {
  return /not found|manifest unknown/i.test(reason) ? 404 : 500;
}
