import { TLS_OPTIONS, tlsOptionsOf } from "../../engine/storeTlsFiles";
import { parseStoreUrl } from "../../kv/url";
import type { CheckResult } from "../../lifecycle";
import { hasUnknown, UNKNOWN } from "../../unknown";
import { checkSchema } from "../shared/check";
import type { Failures } from "../shared/failures";
import { visibleHost } from "../shared/hosts";
import { checkStoreTls, isStoreTls } from "../shared/storeTls";
import { type ClusterMemberInputs, schema } from "./inputs";
import { checkStoreOptions } from "./storeOptions";

export function check(news: Record<string, unknown>): CheckResult<ClusterMemberInputs> {
  const { inputs, failures } = checkSchema<ClusterMemberInputs>(schema, news);
  checkStoreOptions(inputs.clusterStoreOpts, inputs.clusterStore, failures);
  checkTls(inputs, failures);
  const host = visibleHost(inputs.connection);
  return {
    inputs: {
      ...inputs,
      clusterStoreOpts: completeOptions(inputs),
      host,
      joined: true,
      configured: true,
      overlaysUsable: true,
    },
    failures: failures.list,
  };
}

function checkTls({ clusterStore, clusterStoreOpts, tls }: ClusterMemberInputs, failures: Failures): void {
  if (!tls) return;
  const option = TLS_OPTIONS.find((name) => Object.hasOwn(clusterStoreOpts ?? {}, name));
  if (typeof clusterStore === "string" && parseStoreUrl(clusterStore)?.kind === "zookeeper") {
    failures.say("", "Expected `tls` not to be given: Docker speaks to ZooKeeper without TLS only");
  } else if (option !== undefined) {
    failures.say(
      "clusterStoreOpts",
      `Expected \`clusterStoreOpts["${option}"]\` not to be given beside \`tls\`, which says where the files are`,
    );
  } else {
    checkStoreTls(tls, ["client"], failures);
  }
}

/** With the places of the certificates given, so that others show as other settings of the engine, which they are. */
function completeOptions({ clusterStoreOpts, tls }: ClusterMemberInputs): ClusterMemberInputs["clusterStoreOpts"] {
  if (!isStoreTls(tls)) return clusterStoreOpts;
  if (hasUnknown(tls)) return UNKNOWN as unknown as ClusterMemberInputs["clusterStoreOpts"];
  return { ...clusterStoreOpts, ...tlsOptionsOf(tls) };
}
