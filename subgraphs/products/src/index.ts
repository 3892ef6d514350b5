export { readSettings, type Settings, settingsSchema } from './config.ts';
export { schemaFile, startProducts as start } from './start.ts';
