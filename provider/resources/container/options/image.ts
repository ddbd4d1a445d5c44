import { imageName } from "../../shared/schema";
import { option } from "./option";

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
