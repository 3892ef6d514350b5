export { readSettings, type Settings, settingsSchema } from './config.ts';
export { retentionOf } from './retention.ts';
export { schemaFile, start } from './start.ts';
