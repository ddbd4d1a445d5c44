import * as v from "valibot";
import { imageName, literal, text } from "../../shared/schema";
import { option } from "./option";

const registryAuth = v.strictObject(
  { address: v.optional(text), username: text, password: literal },
  "to be an object such as { address, username, password }",
);

/** What it is made from. `digest.ts` and `shared/image.ts` treat the last two. */
export const imageOptions = {
  image: option(imageName, {
    onChange: "replace",
    byDefault: "(required)",
    write: (image, draft) => {
      draft.Image = image;
    },
    read: ({ container }) => container.Config.Image,
  }),
};

export const pullOptions = {
  pullTriggers: option(v.optional(v.array(literal, 'to be a list such as ["2024-05"]')), {
    onChange: "replace",
    byDefault: "none: pulled where it is missing",
  }),
  registryAuth: option(v.optional(registryAuth), {
    onChange: "record",
    byDefault: "none",
  }),
};
