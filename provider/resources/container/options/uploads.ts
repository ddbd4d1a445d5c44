import * as v from "valibot";
import { literal, text } from "../../shared/schema";
import { containerPath, flag, given, sortedBy } from "./fields";
import { option } from "./option";

const upload = v.pipe(
  v.strictObject(
    {
      file: containerPath,
      content: v.optional(v.string("to be a string")),
      contentBase64: v.optional(v.pipe(v.string("to be base64"), v.base64("to be base64"))),
      source: v.optional(text),
      sourceHash: v.optional(literal),
      executable: flag,
      permissions: v.optional(
        v.pipe(v.string('to be a mode such as "0644"'), v.regex(/^[0-7]{3,4}$/, 'to be a mode such as "0644"')),
      ),
    },
    "to be an object such as { file, content }",
  ),
  v.check(
    ({ content, contentBase64, source }) =>
      [content, contentBase64, source].filter((each) => each !== undefined).length === 1,
    "to have one of `content`, `contentBase64` and `source`",
  ),
);
export type Upload = v.InferOutput<typeof upload>;

/** Files that are put into it before it first starts: `upload.ts` beside the verbs. */
export const uploadOptions = {
  uploads: option(
    v.optional(
      v.pipe(
        v.array(upload, "to be a list such as [{ file, content }]"),
        sortedBy(({ file }) => file),
        v.transform(given),
      ),
    ),
    { onChange: "replace", byDefault: "none" },
  ),
};
