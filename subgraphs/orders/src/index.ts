export { readSettings, type Settings, settingsSchema } from './config.ts';
export { schemaFile, startOrders as start } from './start.ts';
