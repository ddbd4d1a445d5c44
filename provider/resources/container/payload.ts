import type { ContainerCreate, HostConfig } from "../../docker/containerTypes";
import type { ContainerInputs } from "./inputs";
import { optionEntries } from "./options";
import type { Draft } from "./options/option";

/** What cannot be changed in a container that exists. */
export function fixedPayload(inputs: ContainerInputs): ContainerCreate {
  const { HostConfig, ...config } = write(inputs, (isFixed) => isFixed);
  return { ...config, ...(Object.keys(HostConfig).length > 0 ? { HostConfig } : {}) };
}

/** What the engine can change in a container that exists. */
export function changeablePayload(inputs: ContainerInputs): HostConfig {
  return write(inputs, (isFixed) => !isFixed).HostConfig;
}

function write(inputs: ContainerInputs, belongs: (isFixed: boolean) => boolean): Draft {
  const draft = { HostConfig: {} } as Draft;
  for (const [name, option] of optionEntries) {
    const value = inputs[name];
    if (value !== undefined && belongs(option.onChange === "replace")) option.write?.(value, draft);
  }
  return draft;
}
