import type { StoreKind } from "../../../kv/url";
import { consul } from "./consul";
import { etcd } from "./etcd";
import type { Kind } from "./kind";
import { zookeeper } from "./zookeeper";

export const kinds: Record<StoreKind, Kind> = { consul, etcd, zookeeper };
