export { readSettings, type Settings, settingsSchema } from './config.ts';
export { schemaFile, startUsers as start } from './start.ts';
