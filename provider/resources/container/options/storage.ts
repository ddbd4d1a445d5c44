import { flag, hostField, optionalRecord } from "./fields";
import { option } from "./option";

/** The container's own file system. */
export const storageOptions = {
  tmpfs: option(optionalRecord, { onChange: "replace", byDefault: "none", ...hostField("Tmpfs") }),
  readOnly: option(flag, { onChange: "replace", byDefault: "false", ...hostField("ReadonlyRootfs") }),
  storageOpts: option(optionalRecord, { onChange: "replace", byDefault: "none", ...hostField("StorageOpt") }),
};
