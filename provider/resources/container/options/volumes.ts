import * as v from "valibot";
import { dockerName, literal } from "../../shared/schema";
import { flag, given, sorted, sortedBy } from "./fields";
import { option } from "./option";

const boundPath = v.pipe(
  literal,
  v.startsWith("/", "to be an absolute path"),
  v.check((path) => !path.includes(":"), "to be without colons, which `mounts` can have"),
);

const volume = v.pipe(
  v.strictObject(
    {
      containerPath: v.optional(boundPath),
      hostPath: v.optional(boundPath),
      volumeName: v.optional(dockerName),
      fromContainer: v.optional(dockerName),
      readOnly: flag,
    },
    "to be an object such as { containerPath, volumeName }",
  ),
  v.check(
    ({ containerPath, hostPath, volumeName, fromContainer }) =>
      [hostPath, volumeName, fromContainer].filter((source) => source !== undefined).length <= 1 &&
      (fromContainer === undefined) === (containerPath !== undefined),
    "to have `containerPath` and at most one of `hostPath` and `volumeName`, or `fromContainer` alone",
  ),
);
type Volume = v.InferOutput<typeof volume>;

const keyOf = ({ containerPath, fromContainer }: Volume) => containerPath ?? fromContainer ?? "";

/** Folders that outlive the container: of the host, named, of another container; or anonymous ones, which go with it. */
export const volumeOptions = {
  volumes: option(
    v.optional(v.pipe(v.array(volume, "to be a list such as [{ containerPath, volumeName }]"), sortedBy(keyOf))),
    {
      onChange: "replace",
      byDefault: "none beside the image's",
      write: (volumes, draft) => {
        const { HostConfig } = draft;
        for (const { containerPath, hostPath, volumeName, fromContainer, readOnly } of volumes) {
          const source = hostPath ?? volumeName;
          const mode = readOnly ? ":ro" : "";
          if (fromContainer) HostConfig.VolumesFrom = [...(HostConfig.VolumesFrom ?? []), `${fromContainer}${mode}`];
          else if (source) HostConfig.Binds = [...(HostConfig.Binds ?? []), `${source}:${containerPath}${mode}`];
          else draft.Volumes = { ...draft.Volumes, [containerPath!]: {} };
        }
      },
      read: ({ container, image }, wanted = []) => {
        const { Config, HostConfig } = container;
        const binds = (HostConfig.Binds ?? []).map((bind): Volume => {
          const [source = "", containerPath = "", mode = ""] = bind.split(":");
          const where = source.startsWith("/") ? { hostPath: source } : { volumeName: source };
          return { containerPath, ...where, ...readOnly(mode) };
        });
        const others = (HostConfig.VolumesFrom ?? []).map((from): Volume => {
          const [fromContainer, mode = ""] = from.split(":");
          return { fromContainer, ...readOnly(mode) };
        });
        const anonymous = Object.keys(Config.Volumes ?? {})
          .filter((path) => wanted.some((each) => each.containerPath === path) || (image && !image.Volumes?.[path]))
          .map((containerPath): Volume => ({ containerPath }));
        return given(sorted([...binds, ...others, ...anonymous], keyOf));
      },
    },
  ),
};

function readOnly(mode: string): { readOnly?: true } {
  return mode.split(",").includes("ro") ? { readOnly: true } : {};
}
