import { busybox } from "./busybox";
import { consul } from "./consul";
import { etcd } from "./etcd";
import type { Image } from "./image";
import { zookeeper } from "./zookeeper";

/** Every image that the lab's registry serves; a further one is a file beside these and an entry here. */
export const images: Image[] = [busybox, consul, etcd, zookeeper];
