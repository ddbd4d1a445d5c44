import { jsonLines } from "./answer";
import type { ImagesApi, PullOptions, PullProgress, RegistryAuth } from "./api";
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

  async registryDigest(image: string, auth?: RegistryAuth): Promise<string> {
    const { Descriptor } = await this.requester.json<{ Descriptor: { digest: string } }>({
      attempt: `ask for the digest of image "${image}"`,
      method: "GET",
      path: `/distribution/${image.split("/").map(named).join("/")}/json`,
      headers: authHeader(auth),
    });
    return Descriptor.digest;
  }

  async pull(image: string, { auth, onProgress = () => undefined }: PullOptions = {}): Promise<void> {
    const attempt = `pull image "${image}"`;
    const { name, tag } = splitReference(image);
    await this.requester.stream(
      // Nothing comes while a large layer is unpacked.
      {
        attempt,
        method: "POST",
        path: "/images/create",
        query: { fromImage: name, tag },
        headers: authHeader(auth),
        long: true,
      },
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

/**
 * As the engine takes it: JSON in the URL's own base64, which it wants padded. Of what it cannot decode it says nothing,
 * and asks the registry as nobody.
 */
function authHeader(auth: RegistryAuth | undefined): Record<string, string> | undefined {
  if (!auth) return undefined;
  const { address, username, password } = auth;
  const json = JSON.stringify({ username, password, serveraddress: address });
  const encoded = Buffer.from(json).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
  return { "X-Registry-Auth": encoded };
}

function pullStatus(reason: string): number {
  return /not found|manifest unknown/i.test(reason) ? 404 : 500;
}
