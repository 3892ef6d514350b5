import { errorsMarkdown, subgraphErrorsMarkdown } from '../error-docs/errors-markdown.ts';
import { eventsYaml } from '../event-docs/events-yaml.ts';
import { metricsMarkdown } from '../metrics-docs/metrics-markdown.ts';
import { metricsOfServices } from '../metrics-docs/metrics-of-services.ts';
import { readDataMap } from '../privacy-docs/data-map.ts';
import { privacyMarkdown } from '../privacy-docs/privacy-markdown.ts';
import { settingsMarkdown } from '../settings-docs/settings-markdown.ts';
import { settingsOfServices } from '../settings-docs/settings-of-services.ts';
import { betweenMarkers } from './between-markers.ts';
import { OBSERVABILITY_DOCUMENTS } from './observability-documents.ts';

/** A document that is written from the code, as a whole or in parts. */
export interface GeneratedDocument {
  /** In the repository. */
  file: string;
  /** @param text - of the document as it is; empty when there is none. @returns as it should be */
  update(text: string): Promise<string>;
}

/** All documents that are written from the code. */
export const GENERATED_DOCUMENTS: readonly GeneratedDocument[] = [
  {
    file: 'README.md',
    update: async (text) =>
      betweenMarkers(text, 'settings', settingsMarkdown(await settingsOfServices()), 'README.md'),
  },
  {
    file: 'docs/errors.md',
    async update(text) {
      const first = betweenMarkers(text, 'gateway errors', errorsMarkdown(), 'docs/errors.md');
      return betweenMarkers(first, 'subgraph errors', subgraphErrorsMarkdown(), 'docs/errors.md');
    },
  },
  {
    file: 'docs/metrics.md',
    update: async (text) =>
      betweenMarkers(text, 'metrics', metricsMarkdown(await metricsOfServices()), 'docs/metrics.md'),
  },
  {
    file: 'docs/privacy.md',
    update: async (text) =>
      betweenMarkers(text, 'tables', await privacyMarkdown(await readDataMap()), 'docs/privacy.md'),
  },
  { file: 'docs/asyncapi.yaml', update: () => eventsYaml() },
  ...OBSERVABILITY_DOCUMENTS,
];
