import { busybox } from "./busybox";
import { consul } from "./consul";
import type { Image } from "./image";

/** Every image that the lab's registry serves; a further one is a file beside these and an entry here. */
export const images: Image[] = [busybox, consul];
