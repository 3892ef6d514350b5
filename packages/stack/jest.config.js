import preset from '../../jest.preset.js';

// The templates are tests of subgraphs that do not exist yet.
export default { ...preset, testPathIgnorePatterns: ['/node_modules/', '<rootDir>/templates/'] };
