import { CONFIG_ELEMENT_ID, type ExplorerConfig } from '../config.ts';

/**
 * Reads the configuration that the page carries.
 * @throws Error when the page carries none
 */
export function readConfig(): ExplorerConfig {
  const json = document.getElementById(CONFIG_ELEMENT_ID)?.textContent;
  if (!json) throw new Error(`The page has no configuration in #${CONFIG_ELEMENT_ID}`);
  return JSON.parse(json);
}
