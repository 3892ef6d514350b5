import { StartupError } from '@tributary/platform';
import type { Names } from './names.ts';

/**
 * `docker-compose.yml` with a service for the new subgraph, its database, and its address for the gateway.
 *
 * The text is edited rather than the parsed file, which would lose the anchors that the services share.
 *
 * @throws StartupError when the file is no longer of the form that this was written for
 */
export function withComposeService(text: string, { name, SETTING }: Names): string {
  const anchor = `${name}-database`;
  const service = `
  ${name}:
    <<: *subgraph
    build: { context: ., args: { SERVICE: subgraphs/${name} } }
    image: tributary/${name}
    environment:
      ${SETTING}_DATABASE_URL: postgresql://tributary:\${POSTGRES_PASSWORD}@\${DATABASE_AT:-postgres:5432}/${name}
      ${SETTING}_DATABASE_DIRECT_URL: *${anchor}
      INTERNAL_SECRET: *internal-secret
      SUBGRAPH_URLS: *subgraph-urls
      REDIS_URL: redis://redis:6379
      OTEL_EXPORTER_OTLP_ENDPOINT: *traces
`;
  const withDatabase = insertAfter(text, /\n {2}ORDERS_DATABASE_URL: &orders-database .*/, ([line]) =>
    line
      .replaceAll('ORDERS', SETTING)
      .replace('&orders-database', `&${anchor}`)
      .replace(/\/orders$/, `/${name}`),
  );
  const withAddress = insertAfter(
    withDatabase,
    / {6}SUBGRAPH_URLS: &subgraph-urls \S+/,
    () => `,${name}=http://\${${SETTING}_AT:-${name}:4000}/graphql`,
  );
  const withDependency = insertAfter(
    withAddress,
    /\n {6}orders: \{ condition: service_healthy \}/,
    ([line]) => line.replace('orders', name),
  );
  return insertAfter(withDependency, /\n {2}orders:\n(?: {4,}.*\n)+/, () => service);
}

function insertAfter(text: string, pattern: RegExp, made: (match: RegExpExecArray) => string): string {
  const match = pattern.exec(text);
  if (!match)
    throw new StartupError(
      'docker-compose.yml has changed its form; add the service by hand, like that of orders',
    );
  const end = match.index + match[0].length;
  return `${text.slice(0, end)}${made(match)}${text.slice(end)}`;
}
