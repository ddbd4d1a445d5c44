import type { CheckResult } from "../../lifecycle";
import { checkSchema } from "../shared/check";
import { type ClusterMemberInputs, schema } from "./inputs";

export function check(news: Record<string, unknown>): CheckResult<ClusterMemberInputs> {
  const { inputs, failures } = checkSchema<ClusterMemberInputs>(schema, news, ["owner", "host"]);
  return { inputs: { ...inputs, joined: true }, failures: failures.list };
}
