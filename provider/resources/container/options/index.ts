import type * as v from "valibot";
import { imageOptions } from "./image";
import { networkOptions } from "./networks";
import type { ContainerOption } from "./option";
import { processOptions } from "./process";
import { runningOptions } from "./running";

/**
 * Every option of a container. The order is that of the payload, whose digest tells what a container was made from: new
 * ones come behind.
 */
export const containerOptions = {
  ...imageOptions,
  ...processOptions,
  ...runningOptions,
  ...networkOptions,
};

type Table = typeof containerOptions;
export type OptionName = keyof Table;

/** The table where one option is like the other. */
export const optionEntries = Object.entries(containerOptions) as [OptionName, ContainerOption<unknown>][];

/** For a schema of all options. */
export const optionSchemas = Object.fromEntries(optionEntries.map(([name, { schema }]) => [name, schema])) as {
  [Name in OptionName]: Table[Name]["schema"];
};

export type OptionInputs = { [Name in OptionName]: v.InferOutput<Table[Name]["schema"]> };
