interface Resource {
  urn: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** For each dynamic resource in an exported state, how many bytes its provider's text takes: in inputs and outputs together. */
export function providerTextSizes(state: string): number[] {
  const { resources } = (JSON.parse(state) as { deployment: { resources: Resource[] } }).deployment;
  return resources
    .map(({ inputs, outputs }) => [inputs?.__provider, outputs?.__provider].filter((text) => text !== undefined))
    .filter((texts) => texts.length > 0)
    .map((texts) => texts.reduce<number>((sum, text) => sum + Buffer.byteLength(textOf(text)), 0));
}

/** A text that Pulumi takes for a secret stands in an object. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
