import * as v from "valibot";
import type { Resources } from "../../../docker/containerTypes";
import type { OnChange } from "../../shared/options";
import { text } from "../../shared/schema";
import { sorted, sortedBy, whole } from "./fields";
import { type Draft, type Found, option } from "./option";

const MB = 1024 * 1024;

/** The engine sets and changes a limit in a container that runs, but cannot take one away. */
const limit = {
  onChange: (_old: unknown, now: unknown): OnChange => (now === undefined ? "replace" : "update"),
  byDefault: "no limit",
};

type Amount = Exclude<keyof Resources, "CpusetCpus" | "RestartPolicy">;

/** A limit that the engine counts `unit` times finer; it knows none as 0. */
function limitField(name: Amount, unit = 1) {
  return {
    write: (value: number, { HostConfig }: Draft) => {
      HostConfig[name] = value * unit;
    },
    read: ({ container }: Found) => {
      const value = container.HostConfig[name];
      return value ? value / unit : undefined;
    },
  };
}

const amount = (what: string) =>
  v.optional(
    v.pipe(
      whole(0, what),
      v.transform((value) => value || undefined),
    ),
  );
const megabytes = amount("to be a whole number of MB");
const swap = v.optional(
  v.pipe(
    v.number("to be a whole number of MB, or -1"),
    v.integer("to be a whole number of MB, or -1"),
    v.minValue(-1, "to be a whole number of MB, or -1"),
  ),
);
const cpus = v.pipe(
  v.string('to be a number of CPUs such as "1.5"'),
  v.regex(/^\d+(\.\d+)?$/, 'to be a number of CPUs such as "1.5"'),
  v.transform((value) => (Number(value) === 0 ? undefined : String(Number(value)))),
);

/** What it may use. Changed while it runs, but for the last two. */
export const limitOptions = {
  memory: option(megabytes, {
    ...limit,
    write: (value, { HostConfig }) => {
      HostConfig.Memory = value * MB;
      // The engine's own default, said since it holds on to the old one in a change.
      HostConfig.MemorySwap = 2 * value * MB;
    },
    read: limitField("Memory", MB).read,
  }),
  memoryReservation: option(megabytes, { ...limit, ...limitField("MemoryReservation", MB) }),
  memorySwap: option(swap, {
    ...limit,
    byDefault: "twice `memory`",
    write: (value, { HostConfig }) => {
      HostConfig.MemorySwap = value === -1 ? -1 : value * MB;
    },
    read: ({ container }, wanted) => {
      const { Memory = 0, MemorySwap = 0 } = container.HostConfig;
      // -1 also where the kernel counts no swap.
      if (wanted === undefined && (MemorySwap === 2 * Memory || MemorySwap === -1)) return undefined;
      return MemorySwap === 0 ? undefined : MemorySwap === -1 ? -1 : MemorySwap / MB;
    },
  }),
  cpus: option(v.optional(cpus), {
    ...limit,
    write: (value, { HostConfig }) => {
      HostConfig.NanoCpus = Math.round(Number(value) * 1e9);
    },
    read: ({ container }) => {
      const { NanoCpus = 0 } = container.HostConfig;
      return NanoCpus === 0 ? undefined : String(NanoCpus / 1e9);
    },
  }),
  cpuShares: option(amount("to be a whole number"), { ...limit, ...limitField("CpuShares") }),
  cpuPeriod: option(amount("to be a whole number of microseconds"), { ...limit, ...limitField("CpuPeriod") }),
  cpuQuota: option(amount("to be a whole number of microseconds"), { ...limit, ...limitField("CpuQuota") }),
  cpuSet: option(v.optional(v.pipe(text, v.regex(/^\d+([,-]\d+)*$/, 'to be CPUs such as "0-1" or "0,2"'))), {
    ...limit,
    byDefault: "all",
    write: (value, { HostConfig }) => {
      HostConfig.CpusetCpus = value;
    },
    read: ({ container }) => container.HostConfig.CpusetCpus || undefined,
  }),
  shmSize: option(megabytes, {
    onChange: "replace",
    byDefault: "the engine's (64 MB)",
    leftToEngine: true,
    write: (value, { HostConfig }) => {
      HostConfig.ShmSize = value * MB;
    },
    read: ({ container }) => (container.HostConfig.ShmSize ?? 0) / MB || undefined,
  }),
  ulimits: option(
    v.optional(
      v.pipe(
        v.array(
          v.strictObject({ name: text, soft: whole(-1), hard: whole(-1) }, "to be an object { name, soft, hard }"),
          "to be a list such as [{ name, soft, hard }]",
        ),
        sortedBy(({ name }) => name),
      ),
    ),
    {
      onChange: "replace",
      byDefault: "the engine's",
      leftToEngine: true,
      write: (ulimits, { HostConfig }) => {
        HostConfig.Ulimits = ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard }));
      },
      read: ({ container }) =>
        sorted(
          (container.HostConfig.Ulimits ?? []).map(({ Name, Soft, Hard }) => ({ name: Name, soft: Soft, hard: Hard })),
          ({ name }) => name,
        ),
    },
  ),
};
