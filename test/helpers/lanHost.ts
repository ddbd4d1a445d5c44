import { type Answer, FakeHost } from "./fakeHost";

/** What a host answers to the question for its links. */
export interface LanAnswers {
  /** `ip -o -d link show` beside those of `lo` and `eth0`. */
  links?: string;
  /** `ip -o addr show` beside that of `eth0`. */
  addresses?: string;
  wireless?: string;
  lacking?: string;
  /** Without `eth0`. */
  isBare?: boolean;
}

const ETHERNET = String.raw`2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP \    link/ether 02:00:00:00:00:01`;

/** A host on a LAN of 10.77.0.0/24, by `eth0`. */
export function lanHost(address: string, lan: LanAnswers = {}, more: Record<string, Answer> = {}, user = "root") {
  const answer = () => linksOutput(address, lan);
  return new FakeHost({ "sh -c \nip -o -d link show": answer, systemctl: "", ...more }, address, user);
}

function linksOutput(address: string, lan: LanAnswers): string {
  const { links = "", addresses = "", wireless = "", lacking = "", isBare = false } = lan;
  const own = `2: eth0    inet ${address}/24 scope global eth0\\       valid_lft forever preferred_lft forever`;
  const parts = [
    `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n${isBare ? "" : `${ETHERNET}\n`}${links}`,
    `${isBare ? "" : `${own}\n`}${addresses}`,
    wireless,
    "/sbin/ip\n",
    lacking,
  ];
  return parts.join("--\n");
}
