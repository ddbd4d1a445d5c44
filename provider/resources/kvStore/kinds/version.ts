/**
 * The version in an image's tag, 3.04 for 3.4 so that it can be compared; undefined where the tag has none, as `latest`
 * or a digest.
 */
export function versionOf(image: string): number | undefined {
  const [, major, minor] = /:v?(\d+)\.(\d+)[^:/@]*(?:@.*)?$/.exec(image) ?? [];
  return major === undefined ? undefined : Number(major) + Number(minor) / 100;
}
