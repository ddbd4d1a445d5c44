import * as pulumi from "@pulumi/pulumi";

/** What the engine is asked to register: a resource's properties as the SDK classes hand them in. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

export const registered: Registered[] = [];

/** Programs run without an engine: what is registered is noted, and answered with the inputs as outputs. */
export function mockEngine({ preview = false } = {}): void {
  registered.length = 0;
  const newResource = ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
    registered.push({ type, name, inputs });
    return { id: `${name}-id`, state: inputs };
  };
  void pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "lab", "dev", preview);
}

/** The one resource of this name, once the engine has heard of it. */
export async function registration(resource: pulumi.CustomResource, name: string): Promise<Registered> {
  await new Promise((resolve) => resource.urn.apply(resolve));
  const found = registered.find((one) => one.name === name);
  if (!found) throw new Error(`${name} was not registered`);
  return found;
}

/** An output's value and whether it is known and secret. */
export async function look<T>(output: pulumi.Output<T>): Promise<{ value: T; isSecret: boolean; isKnown: boolean }> {
  const { isSecret, isKnown, promise } = output as unknown as {
    isSecret: Promise<boolean>;
    isKnown: Promise<boolean>;
    promise(): Promise<T>;
  };
  return { value: await promise(), isSecret: await isSecret, isKnown: await isKnown };
}
