import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

/** Starts Chromium, with nothing of its own that would go over the network. @param folder - for its profile */
export const launchBrowser = (folder: string, executablePath: string | undefined): Promise<BrowserContext> =>
  chromium.launchPersistentContext(join(folder, 'profile'), {
    ...(executablePath && { executablePath }),
    headless: true,
    viewport: { width: 1280, height: 800 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
