import type { PageFiles } from './assets.ts';
import { CONFIG_ELEMENT_ID, type ExplorerConfig, ROOT_ELEMENT_ID } from './config.ts';

/**
 * Renders a page of the explorer. It has no inline script: the configuration is a block of JSON that the
 * application reads, and everything else comes from the assets.
 *
 * @param config - may hold any text; it is escaped for the place it goes to
 * @param manifest - names the files to load
 * @param assetsPath - path of the folder of the assets, without a slash at the end
 * @returns a complete HTML document
 */
export function explorerPage(config: ExplorerConfig, manifest: PageFiles, assetsPath: string): string {
  const url = (file: string) => escapeHtml(`${assetsPath}/${file}`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>${escapeHtml(config.title)}</title>
    <link rel="icon" href="data:,">
${manifest.styles.map((file) => `    <link rel="stylesheet" href="${url(file)}">\n`).join('')}\
${manifest.preload.map((file) => `    <link rel="modulepreload" href="${url(file)}">\n`).join('')}\
    <script type="application/json" id="${CONFIG_ELEMENT_ID}">${escapeJson(config)}</script>
    <script type="module" src="${url(manifest.script)}"></script>
  </head>
  <body>
    <div id="${ROOT_ELEMENT_ID}"><p class="explorer-notice">Loading…</p></div>
    <noscript><p class="explorer-notice">The explorer needs JavaScript.</p></noscript>
  </body>
</html>
`;
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character] ?? character);
}

/** JSON for a script element: without `<`, neither `</script` nor `<!--` can end or change the element. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
