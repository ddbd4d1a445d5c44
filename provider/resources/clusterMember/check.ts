import type { CheckResult } from "../../lifecycle";
import { checkSchema } from "../shared/check";
import { visibleHost } from "../shared/hosts";
import { type ClusterMemberInputs, schema } from "./inputs";

export function check(news: Record<string, unknown>): CheckResult<ClusterMemberInputs> {
  const { inputs, failures } = checkSchema<ClusterMemberInputs>(schema, news);
  return {
    inputs: { ...inputs, host: visibleHost(inputs.connection), joined: true, configured: true },
    failures: failures.list,
  };
}
