import { hasUnknown, isUnknown } from "../../unknown";
import type { Failures } from "../shared/failures";
import type { ContainerInputs } from "./inputs";
import { isWithoutEndpoints } from "./options/networks";

type Rule = (inputs: ContainerInputs, failures: Failures) => void;

/** What no option's schema can see: that options go together. What is not known yet passes. */
export const rules: readonly Rule[] = [
  function networksDiffer({ networksAdvanced }, failures) {
    if (!Array.isArray(networksAdvanced)) return;
    const names = networksAdvanced.map((entry) => entry?.name);
    names.forEach((name, i) => {
      if (name === undefined || isUnknown(name) || names.indexOf(name) === i) return;
      failures.expected(`networksAdvanced[${i}].name`, "to be a network that is not in the list yet", name);
    });
  },

  /** A container that has no sandbox of its own cannot join networks, and one that joins some is made on one of them. */
  function networkModeFits({ networkMode, networksAdvanced }, failures) {
    if (networkMode === undefined || !Array.isArray(networksAdvanced)) return;
    if (hasUnknown([networkMode, networksAdvanced]) || networksAdvanced.length === 0) return;
    if (networksAdvanced.some((entry) => entry?.name === networkMode)) return;
    const expectation = isWithoutEndpoints(networkMode)
      ? "to be left out where `networksAdvanced` has networks to join"
      : "to be one of the networks in `networksAdvanced`";
    failures.expected("networkMode", expectation, networkMode);
  },

  function retriesOnFailure({ maxRetryCount, restart }, failures) {
    if (maxRetryCount === undefined || hasUnknown([maxRetryCount, restart]) || restart === "on-failure") return;
    failures.expected("maxRetryCount", 'to be left out where `restart` is not "on-failure"', maxRetryCount);
  },

  function swapHoldsMemory({ memory, memorySwap }, failures) {
    if (memorySwap === undefined || memorySwap === -1 || hasUnknown([memory, memorySwap])) return;
    if (memory !== undefined && memorySwap >= memory) return;
    failures.expected("memorySwap", "to be at least `memory`, which it includes", memorySwap);
  },

  function oneKindOfQuota({ cpus, cpuPeriod, cpuQuota }, failures) {
    if (cpus === undefined || (cpuPeriod === undefined && cpuQuota === undefined)) return;
    failures.expected("cpus", "to be left out where `cpuPeriod` or `cpuQuota` is given", cpus);
  },
];
