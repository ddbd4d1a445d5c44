import type { Filter, VolumesApi } from "./api";
import { filters, named } from "./call";
import type { Requester } from "./requester";
import type { Volume, VolumeCreate } from "./types";

export class Volumes implements VolumesApi {
  constructor(private readonly requester: Requester) {}

  async list(filter: Filter = {}): Promise<Volume[]> {
    const { Volumes: volumes } = await this.requester.json<{ Volumes: Volume[] | null }>({
      attempt: "list volumes",
      method: "GET",
      path: "/volumes",
      query: { filters: filters({ ...filter }) },
    });
    return volumes ?? [];
  }

  inspect(volume: string): Promise<Volume> {
    return this.requester.json({
      attempt: `inspect volume "${volume}"`,
      method: "GET",
      path: `/volumes/${named(volume)}`,
    });
  }

  create(volume: VolumeCreate): Promise<Volume> {
    return this.requester.json({
      attempt: `create volume "${volume.Name}"`,
      method: "POST",
      path: "/volumes/create",
      body: volume,
    });
  }

  remove(volume: string): Promise<void> {
    return this.requester.done({
      attempt: `remove volume "${volume}"`,
      method: "DELETE",
      path: `/volumes/${named(volume)}`,
    });
  }
}
