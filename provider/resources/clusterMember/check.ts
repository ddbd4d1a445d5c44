import type { CheckResult } from "../../lifecycle";
import { checkSchema } from "../shared/check";
import { visibleHost } from "../shared/hosts";
import { type ClusterMemberInputs, schema } from "./inputs";
import { checkStoreOptions } from "./storeOptions";

export function check(news: Record<string, unknown>): CheckResult<ClusterMemberInputs> {
  const { inputs, failures } = checkSchema<ClusterMemberInputs>(schema, news);
  checkStoreOptions(inputs.clusterStoreOpts, inputs.clusterStore, failures);
  const host = visibleHost(inputs.connection);
  return {
    inputs: { ...inputs, host, joined: true, configured: true, overlaysUsable: true },
    failures: failures.list,
  };
}
