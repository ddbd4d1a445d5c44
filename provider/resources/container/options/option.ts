import type * as v from "valibot";
import type { Container, ContainerCreate, HostConfig } from "../../../docker/containerTypes";
import type { Image } from "../../../docker/types";
import type { Option } from "../../shared/options";

/** What a container is created from, while the options write into it. */
export interface Draft extends ContainerCreate {
  HostConfig: HostConfig;
}

/** What there is on the host. */
export interface Found {
  container: Container;
  /** What the image gives every container made from it; undefined where the image is gone. */
  image: Image["Config"] | undefined;
}

/** What only newer engines know. */
export interface Need {
  /** Where it is asked for, as in `networksAdvanced[0].gwPriority`. */
  property: string;
  /** The API that has it, and the Docker that came with it. */
  api: string;
  docker: string;
}

/** All that is said of an option anywhere: everything that treats options goes over the table of these. */
export interface ContainerOption<Value> extends Option {
  /** What is taken, and its normal form: two values mean the same when these are equal. */
  schema: v.GenericSchema<unknown, unknown>;
  /** What it is where it is not given, for the documentation: "the image's", "none". */
  byDefault: string;
  /** What of the create payload it becomes. Options without it are not for the engine, or have a file of their own. */
  write?(value: Value, draft: Draft): void;
  /**
   * It as found on the host, in the normal form; undefined where it is what a container has that was made without it.
   * Options without it cannot be seen in a container.
   */
  read?(found: Found, wanted: Value | undefined): Value | undefined;
  /** What of a value not every engine knows. */
  needs?(value: Value): Need[];
  /** Whether the engine has a default of its own, set by its administrator: where it is not given, anything will do. */
  leftToEngine?: true;
}

/** An option with the type of its values taken from its schema. */
export function option<const Schema extends v.GenericSchema>(
  schema: Schema,
  behaviour: Omit<ContainerOption<Exclude<v.InferOutput<Schema>, undefined>>, "schema">,
): ContainerOption<Exclude<v.InferOutput<Schema>, undefined>> & { schema: Schema } {
  return { schema, ...behaviour };
}
