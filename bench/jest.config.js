import preset from '../jest.preset.js';

/** One after the other: each of these benchmarks keeps a small machine busy by itself. */
export default { ...preset, maxWorkers: 1 };
