import { alertsMarkdown, deployedFiles, objectivesMarkdown } from '@tributary/observability';
import { subgraphNames } from '../parts/subgraphs.ts';
import { betweenMarkers } from './between-markers.ts';
import type { GeneratedDocument } from './generated-documents.ts';

const OPERATIONS = 'docs/operations.md';
/** Those that have metrics and are always there. */
const services = ['gateway', ...subgraphNames()];

/** What Prometheus and Grafana read, and what docs/operations.md says of it. */
export const OBSERVABILITY_DOCUMENTS: readonly GeneratedDocument[] = [
  ...[...deployedFiles(services)].map(([file, text]) => ({ file, update: async () => text })),
  {
    file: OPERATIONS,
    async update(text) {
      const first = betweenMarkers(text, 'objectives', objectivesMarkdown(), OPERATIONS);
      return betweenMarkers(first, 'alerts', alertsMarkdown(services), OPERATIONS);
    },
  },
];
