/** Choices that are the same in every run: Park and Miller's generator. */
export class Random {
  constructor(private state: number) {}

  /** 0 to `below` - 1. */
  number(below: number): number {
    this.state = (this.state * 48271) % 2147483647;
    return this.state % below;
  }

  /** Whether, once in `often` times. */
  once(often: number): boolean {
    return this.number(often) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.number(list.length)]!;
  }
}
