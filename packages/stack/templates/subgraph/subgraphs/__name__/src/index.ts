export { readSettings, type Settings, settingsSchema } from './config.ts';
export { schemaFile, start } from './start.ts';
