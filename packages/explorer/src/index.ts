export { type ExplorerManifest, explorerAssetsDir, type PageFiles, readManifest } from './assets.ts';
export type { ExplorerConfig, ExplorerExample } from './config.ts';
export { explorerContentSecurityPolicy } from './content-security-policy.ts';
export type {
  CacheState,
  ExplainedFetch,
  ExplainedLaterPart,
  ExplainedNode,
  ExplainedOperation,
  ExplainedPart,
  Explanation,
  FetchKind,
} from './explanation.ts';
export { explorerPage } from './page.ts';
export { type ExplorerOptions, registerExplorer } from './register-explorer.ts';
