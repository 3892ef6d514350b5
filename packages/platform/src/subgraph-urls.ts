import type { z } from 'zod';
import { list } from './config.ts';

/** GraphQL addresses by subgraph name: a setting such as `users=http://users:4001/graphql,orders=…`. */
export const subgraphUrls = () => list().transform(parseSubgraphUrls).prefault('');

function parseSubgraphUrls(items: string[], context: z.RefinementCtx): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const item of items) {
    const separator = item.indexOf('=');
    const url = item.slice(separator + 1);
    if (separator < 1 || !/^https?:/.test(url) || !URL.canParse(url)) {
      context.addIssue({ code: 'custom', message: `must be a list of name=URL; "${item}" is not` });
    } else {
      urls.set(item.slice(0, separator), url);
    }
  }
  return urls;
}
