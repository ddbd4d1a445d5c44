import type { EngineApi } from "./api";
import type { Requester } from "./requester";
import type { EngineInfo, EngineVersion } from "./types";

export class Engine implements EngineApi {
  constructor(private readonly requester: Requester) {}

  ping(): Promise<void> {
    return this.requester.done({ attempt: "ask whether Docker is there", method: "GET", path: "/_ping" });
  }

  version(): Promise<EngineVersion> {
    return this.requester.version();
  }

  info(): Promise<EngineInfo> {
    return this.requester.json({ attempt: "ask for the engine's state", method: "GET", path: "/info" });
  }

  apiVersion(): Promise<string> {
    return this.requester.apiVersion();
  }
}
