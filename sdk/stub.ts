import * as pulumi from "@pulumi/pulumi";

/** The kinds of resource, as `lifecycleOf` in provider/ knows them. */
export type KindName =
  | "KVStore"
  | "ClusterMember"
  | "OverlayNetwork"
  | "MacvlanNetwork"
  | "IpvlanNetwork"
  | "Container";

/** `crosshost:<Kind>`, with the prefix that makes Pulumi run its dynamic-provider process for it. */
export function typeOf(kind: KindName): string {
  return `pulumi-nodejs:dynamic/crosshost:${kind}`;
}

/**
 * What the dynamic-provider process evaluates, and what state keeps: old state keeps the old text, so the path and the
 * function it names never change. A constant, so nothing of the program is ever serialised into it. See
 * docs/decisions/0001-constant-provider-text.md.
 */
function providerText(kind: KindName): string {
  return `exports.handler = () => require("pulumi-crosshost/provider").lifecycleOf("${kind}");\n`;
}

/** What the engine gets for a resource: its properties, the provider's text, and whose it is. */
export function stubProperties(
  kind: KindName,
  name: string,
  properties: pulumi.Inputs,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  return { ...properties, owner: ownerOf(name, options?.parent), __provider: providerText(kind) };
}

/**
 * What a program says of a resource, with the one thing that is never its choice: names on hosts are fixed, so the old thing
 * has to go before the new one comes. Where a replacement is asked for (`pulumi up --replace`), no diff says so.
 */
export function stubOptions(options: pulumi.CustomResourceOptions | undefined): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions(options, { deleteBeforeReplace: true });
}

/** `<project>/<stack>/<names of the components it is in>/<name>`: the value of the label on everything made. */
function ownerOf(name: string, parent: pulumi.Resource | undefined): string {
  const names = [name];
  for (let component = parent as NamedResource | undefined; component; component = component.__parentResource) {
    const isStack = component.__pulumiType === "pulumi:pulumi:Stack";
    if (!isStack && component.__name !== undefined) names.unshift(component.__name);
  }
  return [pulumi.getProject(), pulumi.getStack(), ...names].join("/");
}

/** What a resource of the SDK knows of itself beside its public type. Source: `resource.ts` of @pulumi/pulumi 3. */
interface NamedResource {
  readonly __name?: string;
  readonly __parentResource?: NamedResource;
  readonly __pulumiType?: string;
}
