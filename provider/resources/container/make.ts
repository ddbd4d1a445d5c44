import { isSince } from "../../docker/version";
import type { Task } from "../../lifecycle";
import { type EnsuredContainer, ensureContainer, type WantedContainer } from "../shared/ownedContainer";
import { requireSame } from "./adopt";
import { endpointConfig, homeAttachment } from "./attachments";
import { leaving } from "./delete";
import { MAC_PER_ENDPOINT } from "./diff";
import type { ContainerInputs, ContainerState } from "./inputs";
import { changeablePayload, fixedPayload } from "./payload";
import type { Place } from "./place";
import { uploadDigests } from "./upload";

/** The container as it is made: with all that cannot be changed, on one of its networks, not started. */
export async function makeContainer(
  { docker, apiVersion }: Place,
  inputs: ContainerInputs,
  olds: ContainerState | undefined,
  task: Task,
): Promise<EnsuredContainer> {
  const { owner, name, host, adopt, pullTriggers, registryAuth, uploads } = inputs;
  const home = homeAttachment(inputs);
  const knowsMacs = isSince(apiVersion, MAC_PER_ENDPOINT);
  const mac = knowsMacs ? undefined : home?.macAddress;
  // Those that join later come without a MAC address.
  const others = inputs.networksAdvanced.filter(
    ({ name, macAddress }) => name !== home?.name && macAddress !== undefined,
  );
  const wanted: WantedContainer = {
    owner,
    name,
    config: { ...fixedPayload(inputs), ...(mac === undefined ? {} : { MacAddress: mac }) },
    beside: async () => ({
      ...(pullTriggers === undefined ? {} : { pullTriggers }),
      ...(uploads === undefined ? {} : { uploads: await uploadDigests(uploads) }),
    }),
    inPlace: {
      HostConfig: { ...changeablePayload(inputs), ...(home ? { NetworkMode: home.name } : {}) },
      NetworkingConfig: home && {
        EndpointsConfig: Object.fromEntries(
          [home, ...(knowsMacs ? others : [])].map((each) => [each.name, endpointConfig(each)]),
        ),
      },
    },
    pull: { auth: registryAuth, always: pullTriggers !== undefined },
    adoption: {
      ids: olds?.adoptedIds ?? [],
      ...(adopt ? { takeOver: (existing) => requireSame(docker, existing, inputs) } : {}),
    },
    knownId: olds?.containerId,
    removal: leaving(inputs),
  };
  return ensureContainer(docker, host, wanted, task);
}
