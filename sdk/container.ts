import * as pulumi from "@pulumi/pulumi";
import type { Endpoint, NetworkData, PublishedPort, Sandbox } from "../provider/resources/container/inputs";
import type { ContainerArgs } from "./containerArgs";
import { stubOptions, stubProperties, typeOf } from "./stub";

/** One container on one host, and its endpoints in the networks it joins. */
export class Container extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  /** The host, as in `connection`. */
  declare readonly host: pulumi.Output<string>;
  /** Always true in the program; a refresh that finds it and its peers apart makes it false, and the next `up` heals them. */
  declare readonly reachable: pulumi.Output<boolean>;
  declare readonly containerId: pulumi.Output<string>;
  /** The image's id on the host. */
  declare readonly imageId: pulumi.Output<string>;
  /** The image's digest in its registry, `sha256:…`; where `pullTriggers` is given. */
  declare readonly imageDigest: pulumi.Output<string | undefined>;
  /** The version of the Docker Engine API that is spoken with the host. */
  declare readonly apiVersion: pulumi.Output<string>;
  /** Docker's word: "created", "running", "paused", "restarting", "exited" or "dead". */
  declare readonly state: pulumi.Output<string>;
  /** "starting", "healthy" or "unhealthy", where there is a health check. */
  declare readonly health: pulumi.Output<string | undefined>;
  /** Of one that has ended. */
  declare readonly exitCode: pulumi.Output<number | undefined>;
  /** The container's network stack, which its endpoints attach to networks. */
  declare readonly sandbox: pulumi.Output<Sandbox>;
  declare readonly endpoints: pulumi.Output<Endpoint[]>;
  /** The endpoints' addresses in the shape of `@pulumi/docker`. */
  declare readonly networkDatas: pulumi.Output<NetworkData[]>;
  /** Its ports, and where the host takes them. */
  declare readonly publishedPorts: pulumi.Output<PublishedPort[]>;
  /** The limits that the host's engine has no means to keep. */
  declare readonly discardedLimits: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: ContainerArgs, options?: pulumi.CustomResourceOptions) {
    const properties = {
      ...args,
      name: args.name ?? name,
      connection: pulumi.secret(args.connection),
      envs: secretUnlessAbsent(args.envs),
      registryAuth: secretUnlessAbsent(args.registryAuth),
      host: undefined,
      reachable: undefined,
      containerId: undefined,
      imageId: undefined,
      imageDigest: undefined,
      apiVersion: undefined,
      state: undefined,
      health: undefined,
      exitCode: undefined,
      sandbox: undefined,
      endpoints: undefined,
      networkDatas: undefined,
      publishedPorts: undefined,
      discardedLimits: undefined,
    };
    super(typeOf("Container"), name, stubProperties("Container", name, properties, options), stubOptions(options));
  }
}

function secretUnlessAbsent<T>(value: pulumi.Input<T> | undefined): pulumi.Output<pulumi.Unwrap<T>> | undefined {
  return value === undefined ? undefined : pulumi.secret(value);
}
