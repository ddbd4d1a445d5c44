import { healthOptions } from "./health";
import { imageOptions, pullOptions } from "./image";
import { limitOptions } from "./limits";
import { loggingOptions } from "./logging";
import { mountOptions } from "./mounts";
import { nameOptions } from "./names";
import { namespaceOptions } from "./namespaces";
import { networkOptions } from "./networks";
import type { ContainerOption } from "./option";
import { portOptions } from "./ports";
import { moreProcessOptions, processOptions } from "./process";
import { moreRunningOptions, runningOptions } from "./running";
import { securityOptions } from "./security";
import { storageOptions } from "./storage";
import { uploadOptions } from "./uploads";
import { volumeOptions } from "./volumes";

/**
 * Every option of a container. The order is that of the payload, whose digest tells what a container was made from: new
 * ones come behind.
 */
export const containerOptions = {
  ...imageOptions,
  ...processOptions,
  ...runningOptions,
  ...networkOptions,
  ...pullOptions,
  ...moreProcessOptions,
  ...moreRunningOptions,
  ...limitOptions,
  ...volumeOptions,
  ...mountOptions,
  ...storageOptions,
  ...uploadOptions,
  ...portOptions,
  ...nameOptions,
  ...securityOptions,
  ...namespaceOptions,
  ...loggingOptions,
  ...healthOptions,
};

type Table = typeof containerOptions;
export type OptionName = keyof Table;

/** The table where one option is like the other. */
export const optionEntries = Object.entries(containerOptions) as [OptionName, ContainerOption<unknown>][];

/** For a schema of all options. */
export const optionSchemas = Object.fromEntries(optionEntries.map(([name, { schema }]) => [name, schema])) as {
  [Name in OptionName]: Table[Name]["schema"];
};
