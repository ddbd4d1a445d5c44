import * as v from "valibot";
import type { Mount } from "../../../docker/containerTypes";
import { text } from "../../shared/schema";
import { containerPath, flag, given, labelRecord, optionalRecord, sorted, sortedBy, whole } from "./fields";
import { type Need, option } from "./option";

const mount = v.strictObject(
  {
    type: v.picklist(["bind", "volume", "tmpfs"], 'to be "bind", "volume" or "tmpfs"'),
    target: containerPath,
    source: v.optional(text),
    readOnly: flag,
    bindOptions: v.optional(v.strictObject({ propagation: v.optional(text) }, "to be an object { propagation }")),
    tmpfsOptions: v.optional(
      v.strictObject(
        { sizeBytes: v.optional(whole(1)), mode: v.optional(whole(0)) },
        "to be an object { sizeBytes, mode }",
      ),
    ),
    volumeOptions: v.optional(
      v.strictObject(
        {
          noCopy: flag,
          labels: v.optional(v.pipe(labelRecord, v.transform(given))),
          driverName: v.optional(text),
          driverOptions: optionalRecord,
          subpath: v.optional(text),
        },
        "to be an object such as { noCopy, labels, driverName, driverOptions, subpath }",
      ),
    ),
  },
  "to be an object such as { type, source, target }",
);
type MountInput = v.InferOutput<typeof mount>;

/** The newer form of `volumes`, with options for each kind. */
export const mountOptions = {
  mounts: option(
    v.optional(
      v.pipe(
        v.array(mount, "to be a list such as [{ type, source, target }]"),
        sortedBy(({ target }) => target),
      ),
    ),
    {
      onChange: "replace",
      byDefault: "none",
      write: (mounts, { HostConfig }) => {
        HostConfig.Mounts = mounts.map(toDocker);
      },
      read: ({ container }) =>
        given(sorted((container.HostConfig.Mounts ?? []).map(fromDocker), ({ target }) => target)),
      needs: (mounts): Need[] =>
        mounts.flatMap(({ volumeOptions }, i) =>
          volumeOptions?.subpath === undefined
            ? []
            : [{ property: `mounts[${i}].volumeOptions.subpath`, api: "1.45", docker: "26" }],
        ),
    },
  ),
};

function toDocker({ type, target, source, readOnly, bindOptions, tmpfsOptions, volumeOptions }: MountInput): Mount {
  return {
    Type: type,
    Target: target,
    ...(source === undefined ? {} : { Source: source }),
    ...(readOnly ? { ReadOnly: true } : {}),
    ...(bindOptions ? { BindOptions: { Propagation: bindOptions.propagation } } : {}),
    ...(tmpfsOptions ? { TmpfsOptions: { SizeBytes: tmpfsOptions.sizeBytes, Mode: tmpfsOptions.mode } } : {}),
    ...(volumeOptions
      ? {
          VolumeOptions: {
            NoCopy: volumeOptions.noCopy,
            Labels: volumeOptions.labels,
            ...(volumeOptions.driverName || volumeOptions.driverOptions
              ? { DriverConfig: { Name: volumeOptions.driverName, Options: volumeOptions.driverOptions } }
              : {}),
            Subpath: volumeOptions.subpath,
          },
        }
      : {}),
  };
}

function fromDocker({ Type, Target, Source, ReadOnly, BindOptions, TmpfsOptions, VolumeOptions }: Mount): MountInput {
  const bindOptions = present({ propagation: BindOptions?.Propagation });
  const tmpfsOptions = present({ sizeBytes: TmpfsOptions?.SizeBytes, mode: TmpfsOptions?.Mode });
  const volumeOptions = present({
    noCopy: VolumeOptions?.NoCopy,
    labels: VolumeOptions?.Labels,
    driverName: VolumeOptions?.DriverConfig?.Name,
    driverOptions: VolumeOptions?.DriverConfig?.Options,
    subpath: VolumeOptions?.Subpath,
  });
  return {
    type: Type,
    target: Target,
    ...present({ source: Source, readOnly: ReadOnly, bindOptions, tmpfsOptions, volumeOptions }),
  } as MountInput;
}

/** Without what says nothing; undefined where nothing is left. */
function present<T extends object>(value: T): Partial<T> | undefined {
  return given(Object.fromEntries(Object.entries(value).filter(([, part]) => given(part) !== undefined)) as Partial<T>);
}
