/** Tells whether something is done by several at once in this process. */
export interface UnderWay {
  /**
   * Does something that others may be doing as well.
   *
   * @param key - what they have in common
   * @param run - told whether somebody else was at it when this one began
   */
  during<Value>(key: string, run: (amongOthers: boolean) => Promise<Value>): Promise<Value>;
}

export function createUnderWay(): UnderWay {
  const counts = new Map<string, number>();
  return {
    async during(key, run) {
      const others = counts.get(key) ?? 0;
      counts.set(key, others + 1);
      try {
        return await run(others > 0);
      } finally {
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      }
    },
  };
}
