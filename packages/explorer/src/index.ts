export { type ExplorerManifest, explorerAssetsDir, readManifest } from './assets.ts';
export type { ExplorerConfig, ExplorerExample } from './config.ts';
export { explorerContentSecurityPolicy } from './content-security-policy.ts';
export { explorerPage } from './page.ts';
export { type ExplorerOptions, registerExplorer } from './register-explorer.ts';
